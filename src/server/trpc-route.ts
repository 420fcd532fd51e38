import type { IncomingMessage } from "node:http";
import type { TRPCError } from "@trpc/server";
import { fastifyRequestHandler } from "@trpc/server/adapters/fastify";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import type { FastifyInstance, FastifyReply } from "fastify";
import { ServiceUnavailableError } from "../errors.js";
import { appRouter } from "../trpc/auth-router.js";
import { answerPlainCalls, readPlainCalls } from "../trpc/plain-calls.js";
import { contextOf } from "./authentication.js";
import type { DirectAnswer, DirectRoute } from "./direct-route.js";
import { httpError } from "./http-error.js";
import { refuseOtherMethods } from "./http-rules.js";
import { takeJsonAsText } from "./json-text.js";
import { TRPC_PATH } from "./paths.js";
import { hasJsonBody, hasNoBody } from "./plain-request.js";
import type { RequestLimits } from "./request-limits.js";
import { logFailure } from "./send-error.js";

/** Most calls in one batch. */
export const MAX_BATCH_SIZE = 50;

/** Longest list of procedures, in characters: the names come back in the answer where there are no such procedures. */
const MAX_PATH_LENGTH = 4 * 1024;

const ADDRESS = `${TRPC_PATH}/*`;
const FAILURE = "a tRPC call failed";

/** Mounts the tRPC face. */
export async function trpcRoute(server: FastifyInstance): Promise<void> {
  takeJsonAsText(server);
  server.route<{ Params: { "*": string } }>({
    method: ["GET", "POST"],
    url: ADDRESS,
    exposeHeadRoute: false,
    async handler(request, reply) {
      const path = request.params["*"];
      if (path.length > MAX_PATH_LENGTH) throw httpError(414);
      await fastifyRequestHandler({
        router: appRouter,
        req: request,
        res: wholeReply(reply),
        path,
        maxBatchSize: MAX_BATCH_SIZE,
        createContext: () => contextOf(request),
        onError: ({ error }) => tell(error, (cause) => logFailure(request, cause, FAILURE)),
        responseMeta: ({ errors }) => ({ headers: answerHeadersFor(errors) }),
      });
    },
  });
  refuseOtherMethods(server, ADDRESS, ["GET", "POST"]);
}

/** Plain queries and mutations, single and in batches. Everything else is the adapter's. */
export function directTrpc(limits: RequestLimits): DirectRoute {
  return { url: ADDRESS, trpc: true, failure: FAILURE, accept: (request) => acceptCalls(request, limits) };
}

function acceptCalls(request: IncomingMessage, limits: RequestLimits): DirectAnswer | null {
  const { method, url = "", headers } = request;
  if (!url.startsWith(`${TRPC_PATH}/`) || url.length > MAX_PATH_LENGTH) return null;
  if (method === "GET" ? !hasNoBody(request) : method !== "POST" || !hasJsonBody(request, limits)) return null;
  // With either a client asks for a stream.
  if (headers["trpc-accept"] !== undefined || headers.accept?.includes("jsonl")) return null;
  const target = url.slice(TRPC_PATH.length + 1);
  const calls = readPlainCalls(appRouter, { method, target, maxBatchSize: MAX_BATCH_SIZE });
  if (!calls) return null;
  return ({ context, body, onServerError }) =>
    answerPlainCalls(calls, method === "GET" ? (calls.inputText ?? "") : body, {
      router: appRouter,
      context,
      onError: (error) => tell(error, onServerError),
      headersFor: answerHeadersFor,
    });
}

/** Tells of an error that is not the client's doing. */
function tell(error: TRPCError, onServerError: (error: unknown) => void): void {
  if (getHTTPStatusCodeFromError(error) >= 500) onServerError(error.cause ?? error);
}

/** The reply as tRPC's adapter uses it. What is no stream is sent with its length: that takes less, of clients too. */
function wholeReply(reply: FastifyReply): FastifyReply {
  const send = async (answer: Response): Promise<FastifyReply> => {
    if (answer.headers.has("transfer-encoding")) return reply.send(answer);
    const varies = reply.getHeader("vary");
    for (const [name, value] of answer.headers) void reply.header(name, value);
    if (varies !== undefined) void reply.header("vary", `${answer.headers.get("vary")}, ${String(varies)}`);
    // To a text Fastify would add a charset, which JSON has none of (RFC 8259, section 11).
    return reply.code(answer.status).send(Buffer.from(await answer.arrayBuffer()));
  };
  return { raw: reply.raw, send } as unknown as FastifyReply;
}

function answerHeadersFor(errors: readonly Error[]): Record<string, string> {
  const unavailable = errors.some(({ cause }) => cause instanceof ServiceUnavailableError);
  return {
    // Where tRPC refuses a whole request it names no type, and text would be assumed.
    "content-type": "application/json",
    ...(unavailable && { "retry-after": String(new ServiceUnavailableError().retryAfter) }),
  };
}
