import { setTimeout as sleep } from "node:timers/promises";

import type { DataSource } from "typeorm";

import { ServiceUnavailableError } from "../errors.js";
import { withDatabase } from "./retry.js";

/**
 * Resolves when the database answers, for a readiness check.
 *
 * @param timeout milliseconds after which a database that says nothing counts as gone
 * @throws {ServiceUnavailableError} when it does not answer, or answers with an error
 */
export async function checkConnection(dataSource: DataSource, timeout = 2_000): Promise<void> {
  const abort = new AbortController();
  const silence = sleep(timeout, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`No answer from the database within ${timeout} ms`);
  });
  try {
    await Promise.race([withDatabase(() => dataSource.query("SELECT 1"), { mayRunTwice: true }), silence]);
  } catch (error) {
    throw error instanceof ServiceUnavailableError ? error : new ServiceUnavailableError({ cause: error });
  } finally {
    abort.abort();
  }
}
