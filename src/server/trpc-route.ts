import type { ReadableStream } from "node:stream/web";
import { fastifyRequestHandler } from "@trpc/server/adapters/fastify";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import type { FastifyInstance, FastifyReply } from "fastify";
import { appRouter } from "../trpc/auth-router.js";
import { retryAfterHeader } from "../trpc/retry-after.js";
import { contextOf } from "./authentication.js";
import type { EventStreams } from "./event-stream.js";
import { httpError } from "../http-error.js";
import { refuseOtherMethods } from "./http-rules.js";
import { takeJsonAsText } from "./json-text.js";
import { TRPC_PATH } from "./paths.js";
import { logFailure } from "./send-error.js";

/** Most calls in one batch. */
export const MAX_BATCH_SIZE = 50;

/** Longest list of procedures, in characters: the names come back in the answer where there are no such procedures. */
const MAX_PATH_LENGTH = 4 * 1024;

/** Mounts the tRPC face. */
export function trpcRoute(streams: EventStreams) {
  return async (server: FastifyInstance): Promise<void> => {
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
          res: streamingReply(reply, streams),
          path,
          maxBatchSize: MAX_BATCH_SIZE,
          createContext: () => contextOf(request),
          onError({ error }) {
            if (getHTTPStatusCodeFromError(error) >= 500)
              logFailure(request, error.cause ?? error, "a tRPC call failed");
          },
          responseMeta: ({ errors, type, eagerGeneration }) => {
            // The head of an event stream, which has a type of its own.
            if (type === "subscription" && eagerGeneration) return {};
            return { headers: answerHeadersFor(errors) };
          },
        });
      },
    });
    refuseOtherMethods(server, url, ["GET", "POST"]);
  };
}

/** The reply as tRPC's adapter uses it, which sends event streams as such. */
function streamingReply(reply: FastifyReply, streams: EventStreams): FastifyReply {
  const send = (answer: unknown): FastifyReply | Promise<void> =>
    isEventStream(answer) ? streams.send(reply, answer.body as ReadableStream) : reply.send(answer);
  return { raw: reply.raw, send } as unknown as FastifyReply;
}

function isEventStream(answer: unknown): answer is Response {
  return answer instanceof Response && answer.headers.get("content-type") === "text/event-stream";
}

function answerHeadersFor(errors: readonly Error[]): Record<string, string> {
  return {
    // Where tRPC refuses a whole request it names no type, and text would be assumed.
    "content-type": "application/json",
    ...retryAfterHeader(errors),
  };
}
