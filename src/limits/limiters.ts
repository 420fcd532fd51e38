import type { DataSource } from "typeorm";

import type { Clock } from "../clock.js";
import { DatabasePoints } from "./database-points.js";
import type { LimiterFactory } from "./limiter-factory.js";
import { LoginAttempt } from "./login-attempt.js";
import { MemoryPoints } from "./memory-points.js";
import { StoreLimiter } from "./store-limiter.js";

/** Limiters that count in this process alone. */
export function memoryLimiters(clock: Clock): LimiterFactory {
  const points = new MemoryPoints();
  return (options) => new StoreLimiter(options, points, clock);
}

/** Limiters that count in the table `login_attempt`, for all processes of the database. */
export function databaseLimiters(dataSource: DataSource, clock: Clock): LimiterFactory {
  const points = new DatabasePoints(dataSource);
  return (options) => new StoreLimiter(options, points, clock);
}

/** Those of the database, if `LoginAttempt` is among its entities; otherwise those of this process. */
export function defaultLimiters(dataSource: DataSource | undefined, clock: Clock): LimiterFactory {
  return dataSource?.hasMetadata(LoginAttempt) ? databaseLimiters(dataSource, clock) : memoryLimiters(clock);
}
