import { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { bodyAtHand } from "../body-at-hand.js";
import { AuthError } from "../errors.js";

/** Largest body that is read from a stream, bytes. */
export const MAX_BODY_BYTES = 64 * 1024;

/** The body of a request: text, JSON that a middleware has parsed, a stream such as Node's request itself, or null. */
export type RequestBody = string | Readonly<Record<string, unknown>> | AsyncIterable<Uint8Array | string> | null;

/** A stream had more than `MAX_BODY_BYTES`. */
export class BodyTooLargeError extends AuthError {
  readonly code = "PAYLOAD_TOO_LARGE";

  constructor() {
    super("The request body is too large");
  }
}

/** Reads a body that is a stream to its end. @throws BodyTooLargeError, or what the stream fails with */
export async function readBody(body: RequestBody): Promise<string | Record<string, unknown> | null> {
  if (!isStream(body)) return body;
  const atHand = body instanceof IncomingMessage ? smallBodyAtHand(body) : null;
  if (atHand !== null) return atHand;
  // One that is over already tells nothing more by events.
  if (body instanceof Readable && !body.readableEnded && !body.destroyed) return readStream(body);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new BodyTooLargeError();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function smallBodyAtHand(request: IncomingMessage): string | null {
  return Number(request.headers["content-length"]) <= MAX_BODY_BYTES ? bodyAtHand(request) : null;
}

function isStream(body: RequestBody): body is AsyncIterable<Uint8Array | string> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/**
 * The same for Node's streams, whose events take a third of the time of their iterator. To stop reading a request must not
 * destroy it: its connection is the one that the answer goes over.
 */
function readStream(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer | string): void => {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size <= MAX_BODY_BYTES) return void chunks.push(bytes);
      stream.off("data", take);
      stream.pause();
      reject(new BodyTooLargeError());
    };
    stream.on("data", take);
    stream.once("end", () => resolve(Buffer.concat(chunks, size).toString("utf8")));
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("The request ended before its body")));
  });
}
