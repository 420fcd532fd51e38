import type { DataSource } from "typeorm";

/** The row of a session that somebody else has locked. */
export interface HeldRow {
  letGo(): Promise<void>;
  /** After which nothing is held, whatever has happened. */
  close(): Promise<void>;
}

/** Locks the row of a session, in a transaction of its own. */
export async function holdRow(dataSource: DataSource, id: string | undefined): Promise<HeldRow> {
  const holder = dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query("SELECT id FROM refresh_token WHERE id = ? FOR UPDATE", [id]);
  return {
    letGo: () => holder.commitTransaction(),
    async close() {
      if (holder.isTransactionActive) await holder.rollbackTransaction();
      await holder.release();
    },
  };
}
