import type { FastifyInstance, FastifyRequest } from "fastify";

import type { AuthContext } from "../request/context.js";
import { contextOf } from "./authentication.js";
import { GRAPHQL_PATH, TRPC_PATH } from "./paths.js";

/**
 * Puts the cookies that the operations of a request have set into its answer, and that a bad one was dropped. A streamed
 * answer of tRPC begins before they are done, so it is held back until it is whole: cookies stand in the head of an answer.
 */
export function sendCookies(server: FastifyInstance): void {
  server.addHook("onSend", async (request, reply, payload) => {
    // Null in an answer to a request that ended before it had a context.
    const cookies = (contextOf(request) as AuthContext | null)?.cookies;
    if (!cookies || !isForFace(request)) return payload;
    const whole = payload instanceof Response ? await wholeResponse(payload) : payload;
    void reply.headers(cookies.answerHeaders());
    return whole;
  });
}

/**
 * Files of the page, for example, are asked for by the browser itself, with our cookies. A bad one is left there for a request
 * of a client, who is to hear of it.
 */
function isForFace({ routeOptions: { url = "" } }: FastifyRequest): boolean {
  return url === GRAPHQL_PATH || url.startsWith(`${TRPC_PATH}/`);
}

async function wholeResponse(response: Response): Promise<Response> {
  return response.body === null ? response : new Response(await response.text(), response);
}
