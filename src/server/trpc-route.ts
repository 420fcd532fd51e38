import type { ReadableStream } from "node:stream/web";
import type { TRPCError } from "@trpc/server";
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
export const MAX_PATH_LENGTH = 4 * 1024;

export const TRPC_ADDRESS = `${TRPC_PATH}/*`;

/** What the log says where a call fails. */
export const TRPC_FAILURE = "a tRPC call failed";

/** Mounts the tRPC face. */
export function trpcRoute(streams: EventStreams) {
  return async (server: FastifyInstance): Promise<void> => {
    takeJsonAsText(server);
    server.route<{ Params: { "*": string } }>({
      method: ["GET", "POST"],
      url: TRPC_ADDRESS,
      exposeHeadRoute: false,
      async handler(request, reply) {
        const path = request.params["*"];
        if (path.length > MAX_PATH_LENGTH) throw httpError(414);
        await fastifyRequestHandler({
          router: appRouter,
          req: request,
          res: sendingReply(reply, streams),
          path,
          maxBatchSize: MAX_BATCH_SIZE,
          createContext: () => contextOf(request),
          onError: ({ error }) => tellOf(error, (cause) => logFailure(request, cause, TRPC_FAILURE)),
          responseMeta: ({ errors, type, eagerGeneration }) => {
            // The head of an event stream, which has a type of its own.
            if (type === "subscription" && eagerGeneration) return {};
            return { headers: trpcHeadersFor(errors) };
          },
        });
      },
    });
    refuseOtherMethods(server, TRPC_ADDRESS, ["GET", "POST"]);
  };
}

/** Tells of an error that is not the client's doing. */
export function tellOf(error: TRPCError, onServerError: (error: unknown) => void): void {
  if (getHTTPStatusCodeFromError(error) >= 500) onServerError(error.cause ?? error);
}

/** Headers of an answer beside tRPC's own. */
export function trpcHeadersFor(errors: readonly Error[]): Record<string, string> {
  return {
    // Where tRPC refuses a whole request it names no type, and text would be assumed.
    "content-type": "application/json",
    ...retryAfterHeader(errors),
  };
}

/** The reply as tRPC's adapter uses it: streams are sent as such, and everything else with its length. */
function sendingReply(reply: FastifyReply, streams: EventStreams): FastifyReply {
  const send = async (answer: Response): Promise<unknown> => {
    if (isEventStream(answer)) return streams.send(reply, answer.body as ReadableStream);
    return answer.headers.has("transfer-encoding") ? reply.send(answer) : sendWhole(reply, answer);
  };
  return { raw: reply.raw, send } as unknown as FastifyReply;
}

async function sendWhole(reply: FastifyReply, answer: Response): Promise<void> {
  const varies = reply.getHeader("vary");
  for (const [name, value] of answer.headers) void reply.header(name, value);
  if (varies !== undefined) void reply.header("vary", `${answer.headers.get("vary")}, ${String(varies)}`);
  // To a text Fastify would add a charset, which JSON has none of (RFC 8259, section 11).
  await reply.code(answer.status).send(Buffer.from(await answer.arrayBuffer()));
}

function isEventStream(answer: Response): boolean {
  return answer.headers.get("content-type") === "text/event-stream";
}
