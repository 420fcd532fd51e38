import type { IncomingMessage } from "node:http";
import { bodyAtHand } from "../body-at-hand.js";
import { JSON_TYPES } from "../json-types.js";
import type { RequestLimits } from "./request-limits.js";

/** Headers with which a request is none of the plain ones: each has a rule of its own. */
const SPECIAL_HEADERS = ["content-encoding", "transfer-encoding", "expect", "upgrade"] as const;

/** A name or an IPv4 address, and perhaps a port. */
const HOST = /^[a-z\d.-]{1,255}(?::\d{1,5})?$/i;

/**
 * Whether no rule of the HTTP layer has anything to say to a request: its head is within the limits, it has one `Host`,
 * and a whole body of known length or none. Every other one, were it fine too, is for Fastify and its hooks.
 */
export function plainRequests(limits: RequestLimits): (request: IncomingMessage) => boolean {
  let knownHost: string | undefined;

  function isPlainHost(host: string | undefined): boolean {
    if (host === undefined) return false;
    if (host === knownHost) return true;
    if (!HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
    knownHost = host;
    return true;
  }

  return ({ httpVersion, url = "", headers, rawHeaders }) =>
    httpVersion === "1.1" &&
    url.length <= limits.urlLength &&
    rawHeaders.length / 2 <= limits.headerCount &&
    SPECIAL_HEADERS.every((name) => headers[name] === undefined) &&
    isPlainHost(headers.host) &&
    hostsIn(rawHeaders) === 1;
}

/** Whether a request has a JSON body of a length that is known and within the limit. It may be empty. */
export function hasJsonBody({ headers }: IncomingMessage, { bodySize }: RequestLimits): boolean {
  const length = headers["content-length"];
  return length !== undefined && Number(length) <= bodySize && JSON_TYPES.has(headers["content-type"]);
}

/** Whether a request has no body, and says of none what type it has. */
export function hasNoBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] === undefined && (headers["content-type"] === undefined || isJsonType(headers));
}

function isJsonType(headers: IncomingMessage["headers"]): boolean {
  return JSON_TYPES.has(headers["content-type"]);
}

/** The body of a plain request as text. Usually it is there already, since it came together with the head. */
export function bodyText(request: IncomingMessage): string | Promise<string> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length === 0) return "";
  const atHand = bodyAtHand(request);
  if (atHand !== null) return atHand;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", reject);
  });
}

function hostsIn(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count;
}
