import type { FastifyInstance } from "fastify";
import { httpError, UNSUPPORTED_ENCODING } from "../http-error.js";
import type { RequestLimits } from "./request-limits.js";

/**
 * Refuses a request without a `Host`, with several, and with one that is none (RFC 9112, section 3.2): Node's own refusal
 * has no code, and tRPC takes the last for a mistake of the server.
 */
export function requireHost(server: FastifyInstance): void {
  server.addHook("onRequest", async ({ raw }) => {
    const [host, ...others] = raw.headersDistinct["host"] ?? [];
    const isMissing = host === undefined && raw.httpVersion === "1.1";
    if (isMissing || others.length > 0 || (host !== undefined && !isHost(host))) throw httpError(400);
  });
}

/** A host and perhaps a port, and no other part of a URL (RFC 9110, section 7.2). */
function isHost(text: string): boolean {
  return !/[/\\?#@\s]/.test(text) && URL.canParse(`http://${text}`);
}

/**
 * Refuses a longer URL and more headers than the limits. Node by itself would leave out the headers that are too many, and
 * so an address that a proxy has added behind a client's two thousand: it is told to read one more than we allow.
 */
export function refuseLargeHeads(server: FastifyInstance, { urlLength, headerCount }: RequestLimits): void {
  server.server.maxHeadersCount = headerCount + 1;
  server.addHook("onRequest", async ({ raw }) => {
    if ((raw.url?.length ?? 0) > urlLength) throw httpError(414);
    if (raw.rawHeaders.length / 2 > headerCount) throw httpError(431);
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
