import { fastifyRequestHandler } from "@trpc/server/adapters/fastify";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import type { FastifyInstance } from "fastify";
import { appRouter } from "../trpc/auth-router.js";
import { retryAfterHeader } from "../trpc/retry-after.js";
import { contextOf } from "./authentication.js";
import { httpError } from "./http-error.js";
import { refuseOtherMethods } from "./http-rules.js";
import { takeJsonAsText } from "./json-text.js";
import { TRPC_PATH } from "./paths.js";
import { logFailure } from "./send-error.js";

/** Most calls in one batch. */
export const MAX_BATCH_SIZE = 50;

/** Longest list of procedures, in characters: the names come back in the answer where there are no such procedures. */
const MAX_PATH_LENGTH = 4 * 1024;

/** Mounts the tRPC face. */
export async function trpcRoute(server: FastifyInstance): Promise<void> {
  takeJsonAsText(server);
  const url = `${TRPC_PATH}/*`;
  server.route<{ Params: { "*": string } }>({
    method: ["GET", "POST"],
    url,
    exposeHeadRoute: false,
    async handler(request, reply) {
      const path = request.params["*"];
      if (path.length > MAX_PATH_LENGTH) throw httpError(414);
      await fastifyRequestHandler({
        router: appRouter,
        req: request,
        res: reply,
        path,
        maxBatchSize: MAX_BATCH_SIZE,
        createContext: () => contextOf(request),
        onError({ error }) {
          if (getHTTPStatusCodeFromError(error) >= 500) logFailure(request, error.cause ?? error, "a tRPC call failed");
        },
        responseMeta: ({ errors }) => ({ headers: answerHeadersFor(errors) }),
      });
    },
  });
  refuseOtherMethods(server, url, ["GET", "POST"]);
}

function answerHeadersFor(errors: readonly Error[]): Record<string, string> {
  return {
    // Where tRPC refuses a whole request it names no type, and text would be assumed.
    "content-type": "application/json",
    ...retryAfterHeader(errors),
  };
}
