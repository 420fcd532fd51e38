import { setTimeout as sleep } from "node:timers/promises";

import { DatabaseError } from "./database-error.js";

/** Milliseconds between two attempts. */
const PAUSE = 50;
/** Milliseconds after which another process is taken to have the database for good. */
const PATIENCE = 60_000;

/**
 * Repeats a statement for as long as another connection has the SQLite database to itself. It waits in turns of the
 * event loop: SQLite's own waiting stops the whole process, which may be the very one that it waits for.
 */
export async function whenNotBusy<T>(statement: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (DatabaseError.from(error).code !== "SQLITE_BUSY" || Date.now() > deadline) throw error;
      await sleep(PAUSE);
    }
  }
}
