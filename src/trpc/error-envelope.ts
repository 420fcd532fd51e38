import { getTRPCErrorShape, TRPCError } from "@trpc/server";
import { AuthError } from "../errors.js";
import { appRouter } from "./auth-router.js";
import { toTRPCError } from "./error-shape.js";

/** An error in tRPC's own envelope, for requests that end before tRPC sees them: its client can read nothing else. */
export function trpcErrorEnvelope(error: unknown): string {
  const shape = getTRPCErrorShape({
    config: appRouter._def._config,
    error: error instanceof AuthError ? toTRPCError(error) : internalError(error),
    type: "unknown",
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  return JSON.stringify({ error: shape });
}

function internalError(cause: unknown): TRPCError {
  return new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause });
}
