import { createPool, type ResultSetHeader } from "mysql2/promise";

const UPDATE =
  "UPDATE `refresh_token` SET `generation` = `generation` + 1, `rotated` = ?, `last_used` = ?, `user_agent` = ?, " +
  "`address` = ? WHERE `hash` = ? AND `generation` = ? AND `revoked` IS NULL";

/** Takes a session from this generation to the next one. @throws Error if it was not at this one */
export type Rotate = (hash: Buffer, generation: number) => Promise<void>;

/** The UPDATE of a rotation alone: prepared, over mysql2's pool, one for each rotation. */
export function rotatingUpdate(databaseUrl: string): Rotate {
  const pool = createPool({ uri: databaseUrl.replace(/^mariadb:/, "mysql:"), connectionLimit: 32, timezone: "Z" });
  return async (hash, generation) => {
    const now = new Date();
    const [result] = await pool.execute<ResultSetHeader>(UPDATE, [now, now, null, "127.0.0.1", hash, generation]);
    if (result.affectedRows !== 1) throw new Error(`${result.affectedRows} rows were changed`);
  };
}
