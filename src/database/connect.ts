import type { DataSource } from "typeorm";

import { DatabaseError } from "./database-error.js";

/**
 * The database cannot be opened: it cannot be reached, or does not let us in. The message is for the operator and says
 * what to look at; the password is not in it.
 */
export class DatabaseConnectError extends Error {
  override readonly name = "DatabaseConnectError";

  constructor(
    message: string,
    /** The driver's code, such as `ECONNREFUSED`; null when it gave none. */
    readonly code: string | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What an operator may look at, by the driver's code. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "is it running, and is the port right?",
  ENOTFOUND: "is the name of the host right?",
  EAI_AGAIN: "is the name of the host right, and does this machine have a network?",
  ETIMEDOUT: "is the host right, and does a firewall let this machine through?",
  EHOSTUNREACH: "is the host right, and does a firewall let this machine through?",
  ER_ACCESS_DENIED_ERROR: "it refuses this user and password",
  ER_DBACCESS_DENIED_ERROR: "it does not let this user use this database",
  ER_BAD_DB_ERROR: "there is no database of this name, it is to be made first with CREATE DATABASE",
  HANDSHAKE_NO_SSL_SUPPORT: "it offers no TLS, which tls=true asks for",
};

/**
 * Opens a data source.
 *
 * @param name the database for people, as `describeDatabase` has it
 * @throws {DatabaseConnectError}
 */
export async function connect(dataSource: DataSource, name: string): Promise<void> {
  try {
    await dataSource.initialize();
  } catch (error) {
    const cause = DatabaseError.from(error);
    const code = cause.code === null ? "" : ` (${cause.code})`;
    const advice = ADVICE[cause.code ?? ""] ?? cause.message;
    throw new DatabaseConnectError(`${name} cannot be opened${code}: ${advice}`, cause.code, { cause });
  }
}
