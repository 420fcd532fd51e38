import { fastifyRequestHandler } from "@trpc/server/adapters/fastify";
import type { FastifyInstance } from "fastify";
import { ServiceUnavailableError } from "../errors.js";
import { appRouter } from "../trpc/auth-router.js";
import { contextOf } from "./authentication.js";
import { takeJsonAsText } from "./json-text.js";
import { TRPC_PATH } from "./paths.js";

/** Most calls in one batch. */
export const MAX_BATCH_SIZE = 50;

/** Mounts the tRPC face. */
export async function trpcRoute(server: FastifyInstance): Promise<void> {
  takeJsonAsText(server);
  server.all<{ Params: { "*": string } }>(`${TRPC_PATH}/*`, async (request, reply) => {
    await fastifyRequestHandler({
      router: appRouter,
      req: request,
      res: reply,
      path: request.params["*"],
      maxBatchSize: MAX_BATCH_SIZE,
      createContext: () => contextOf(request),
      onError({ error, path }) {
        if (error.code === "INTERNAL_SERVER_ERROR") request.log.error({ err: error.cause, path }, "a tRPC call failed");
      },
      responseMeta({ errors }) {
        const unavailable = errors.find(({ cause }) => cause instanceof ServiceUnavailableError);
        if (!unavailable) return {};
        return { headers: { "retry-after": String(new ServiceUnavailableError().retryAfter) } };
      },
    });
  });
}
