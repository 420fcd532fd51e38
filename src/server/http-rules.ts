import type { FastifyInstance } from "fastify";
import { httpError, UNSUPPORTED_ENCODING } from "../http-error.js";
import { headProblem } from "../request-head.js";
import type { RequestLimits } from "./request-limits.js";

/**
 * Refuses a request with a `Host` that is none, with a longer URL and with more headers than the limits. Node before
 * 22.23.2, 24.18.1 and 26.5.1 would leave out the headers that are too many: it is told to keep one more than we allow.
 */
export function checkHeads(server: FastifyInstance, limits: RequestLimits): void {
  server.server.maxHeadersCount = limits.headerCount + 1;
  server.addHook("onRequest", async ({ raw }) => {
    const problem = headProblem(raw, limits);
    if (problem) throw problem;
  });
}

/** Refuses a compressed body (RFC 9110, section 15.5.16): nothing here inflates one, so none can become larger than it was. */
export function refuseEncodedBodies(server: FastifyInstance): void {
  server.addHook("onRequest", async ({ headers }, reply) => {
    if ((headers["content-encoding"] ?? "identity").toLowerCase() === "identity") return;
    void reply.header("accept-encoding", "identity");
    throw UNSUPPORTED_ENCODING;
  });
}

/** Ignores an `Expect` that is not `100-continue` (RFC 9110, section 10.1.1): Node would refuse it without a code. */
export function ignoreExpectations({ server }: FastifyInstance): void {
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
}

/** Answers every other method at this address with 405 and the allowed ones (RFC 9110, section 15.5.6). */
export function refuseOtherMethods(server: FastifyInstance, url: string, allowed: readonly string[]): void {
  const others = server.supportedMethods.filter((method) => !allowed.includes(method));
  server.route({
    method: others,
    url,
    handler: async (_request, reply) => {
      void reply.header("allow", allowed.join(", "));
      throw httpError(405);
    },
  });
}
