import { QueryFailedError } from "typeorm";

/**
 * A database refused a statement, or could not be asked. It stands in for the driver's own error, which carries the
 * statement's parameters (password hashes, token hashes) and would take them into the log.
 */
export class DatabaseError extends Error {
  /**
   * @param code the driver's code, such as `ER_DUP_ENTRY`, `ECONNREFUSED` or `SQLITE_BUSY`; null when it gave none
   * @param statement the SQL with placeholders, or null when none was sent
   */
  constructor(
    message: string,
    readonly code: string | null,
    readonly errno: number | null,
    readonly statement: string | null,
  ) {
    super(message);
    this.name = "DatabaseError";
  }

  /** Takes from a driver's or TypeORM's error what may be logged. Anything that is no `Error` becomes its message. */
  static from(error: unknown): DatabaseError {
    if (error instanceof DatabaseError) return error;
    if (!(error instanceof Error)) return new DatabaseError(String(error), null, null, null);
    const { code, errno } = driverCodes(error);
    const copy = new DatabaseError(
      error.message || (code ?? error.name), // Node's "all addresses refused" has no message
      code,
      errno,
      error instanceof QueryFailedError ? error.query : null,
    );
    if (error.stack !== undefined) copy.stack = error.stack;
    return copy;
  }
}

function driverCodes(error: Error): { code: string | null; errno: number | null } {
  const { code, errno } = error as Error & { code?: unknown; errno?: unknown };
  return { code: typeof code === "string" ? code : null, errno: typeof errno === "number" ? errno : null };
}

/** Whether a row was refused because another has the same value in a unique column. */
export function isDuplicate(error: unknown): boolean {
  const { code } = DatabaseError.from(error);
  return code === "ER_DUP_ENTRY" || code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}
