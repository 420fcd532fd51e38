import type { IncomingMessage } from "node:http";
import { httpError, type HttpError } from "./http-error.js";

/** The most that the head of a request may have. */
export interface HeadLimits {
  /** Longest URL, bytes. */
  readonly urlLength: number;
  /** Most headers; fewer than Node keeps, or nobody sees that it left some out. */
  readonly headerCount: number;
}

/**
 * What the head of a request is refused for, before anything else of it is read: its `Host`, the length of its URL, or so
 * many headers that some may be missing, an address for example that a proxy has added behind those of its client.
 */
export function headProblem(request: IncomingMessage, { urlLength, headerCount }: HeadLimits): HttpError | undefined {
  if (!hasOneHost(request)) return httpError(400);
  if ((request.url?.length ?? 0) > urlLength) return httpError(414);
  return request.rawHeaders.length / 2 > headerCount ? httpError(431) : undefined;
}

/**
 * Neither several, nor none, nor one that is no host (RFC 9112, section 3.2): Node's own refusal has no code and spares
 * WebSockets, and tRPC takes the last for a mistake of the server.
 */
function hasOneHost({ headersDistinct, httpVersion }: IncomingMessage): boolean {
  const [host, ...others] = headersDistinct["host"] ?? [];
  if (host === undefined) return httpVersion !== "1.1";
  return others.length === 0 && isHost(host);
}

/** A host and perhaps a port, in ASCII (RFC 3986, section 3.2.2), and no other part of a URL (RFC 9110, section 7.2). */
function isHost(text: string): boolean {
  return !/[/\\?#@]|[^!-~]/.test(text) && URL.canParse(`http://${text}`);
}
