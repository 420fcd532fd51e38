import { databaseMe } from "./database-me.js";
import { graphqlMe } from "./graphql-me.js";
import { rotation } from "./rotation.js";
import type { Scenario } from "./scenario.js";
import { tokenAuth, verifyToken } from "./token-operations.js";
import { trpcBatch, trpcMe } from "./trpc-me.js";

/** All of them, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  graphqlMe,
  trpcMe,
  trpcBatch,
  databaseMe,
  verifyToken,
  tokenAuth,
  rotation,
];
