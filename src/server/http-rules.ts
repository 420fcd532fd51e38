import type { FastifyInstance } from "fastify";
import { httpError } from "./http-error.js";

/** Refuses a request without a `Host`, and one with several (RFC 9112, section 3.2): Node's own refusal has no code. */
export function requireHost(server: FastifyInstance): void {
  server.addHook("onRequest", async ({ raw }) => {
    const hosts = raw.headersDistinct["host"]?.length ?? 0;
    if (hosts > 1 || (hosts === 0 && raw.httpVersion === "1.1")) throw httpError(400);
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
