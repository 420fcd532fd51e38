import type { Logger as TypeOrmLogger } from "typeorm";

import type { Logger } from "../logger.js";

/**
 * What TypeORM has to say, in the log of the application. Statements stay out of it, because their parameters are
 * secrets; a failed statement is reported by whoever gets its error.
 */
export class SqlLogger implements TypeOrmLogger {
  constructor(private readonly logger: Logger) {}

  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}

  /** TypeORM calls it for a migration that fails, and for nothing else. */
  logMigration(message: string): void {
    this.logger.error({}, message);
  }

  log(level: "log" | "info" | "warn", message: unknown): void {
    this.logger[level === "warn" ? "warn" : "info"]({}, String(message));
  }
}
