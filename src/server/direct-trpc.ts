import type { IncomingMessage } from "node:http";
import { appRouter } from "../trpc/auth-router.js";
import { answerPlainCalls, readPlainCalls } from "../trpc/plain-calls.js";
import type { DirectAnswer, DirectRoute } from "./direct-route.js";
import { TRPC_PATH } from "./paths.js";
import { hasJsonBody, hasNoBody } from "./plain-request.js";
import type { RequestLimits } from "./request-limits.js";
import { MAX_BATCH_SIZE, MAX_PATH_LENGTH, tellOf, TRPC_ADDRESS, TRPC_FAILURE, trpcHeadersFor } from "./trpc-route.js";

/** Plain queries and mutations, single and in batches. Everything else is the adapter's. */
export function directTrpc(limits: RequestLimits): DirectRoute {
  return { url: TRPC_ADDRESS, trpc: true, failure: TRPC_FAILURE, accept: (request) => acceptCalls(request, limits) };
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
      onError: (error) => tellOf(error, onServerError),
      headersFor: trpcHeadersFor,
    });
}
