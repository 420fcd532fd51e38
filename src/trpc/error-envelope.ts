import { type AnyTRPCRouter, getTRPCErrorShape, type TRPCCombinedDataTransformer, TRPCError } from "@trpc/server";
import { AuthError } from "../errors.js";
import { appRouter } from "./auth-router.js";
import { toTRPCError } from "./error-shape.js";

/**
 * An error in tRPC's own envelope, for requests that end before tRPC sees them: its client can read nothing else.
 *
 * @param router whose transformer, if it has one, writes the error
 */
export function trpcErrorEnvelope(error: unknown, router: AnyTRPCRouter = appRouter): string {
  const shape = getTRPCErrorShape({
    config: appRouter._def._config,
    error: error instanceof AuthError ? toTRPCError(error) : internalError(error),
    type: "unknown",
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  const { transformer } = router._def._config as { readonly transformer: TRPCCombinedDataTransformer };
  return JSON.stringify({ error: transformer.output.serialize(shape) as unknown });
}

function internalError(cause: unknown): TRPCError {
  return new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause });
}
