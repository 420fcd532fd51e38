import { betterAuth } from "./better-auth.js";
import { databaseMe } from "./database-me.js";
import { graphqlMe } from "./graphql-me.js";
import { login } from "./login.js";
import { manySessions } from "./many-sessions.js";
import { rotation } from "./rotation.js";
import type { Scenario } from "./scenario.js";
import { startAndMemory } from "./start-and-memory.js";
import { tokenAuth, verifyToken } from "./token-operations.js";
import { trpcBatch, trpcMe } from "./trpc-me.js";
import { twoProcesses } from "./two-processes.js";

/** All of them, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  graphqlMe,
  trpcMe,
  trpcBatch,
  databaseMe,
  verifyToken,
  tokenAuth,
  rotation,
  login,
  betterAuth,
  manySessions,
  twoProcesses,
  startAndMemory,
];
