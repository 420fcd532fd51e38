import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { MAX_JWK_SET_LENGTH } from "../settings/jwk-set.js";

/** How long an answer may take, milliseconds. */
const PATIENCE = 3_000;

/**
 * The text of a JWK Set at a URL. A redirection is not followed: it would decide whose tokens are believed.
 *
 * @param patience milliseconds
 * @throws Error that says what came instead
 */
export async function fetchJwks(url: string, patience: number = PATIENCE): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  try {
    return await answerOf(url, signal);
  } catch (cause) {
    // Each Node has words of its own for it, and other ones before the headers have come.
    if (signal.aborted) throw new Error(`The JWK Set took longer than ${patience} ms`, { cause });
    throw cause;
  }
}

async function answerOf(url: string, signal: AbortSignal): Promise<string> {
  const headers = { accept: "application/jwk-set+json, application/json" };
  const response = await fetch(url, { headers, redirect: "error", signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The JWK Set was answered with the status ${response.status}`);
  }
  return response.body ? boundedText(response.body as ReadableStream<Uint8Array>, signal) : "";
}

/**
 * Not more of it is read than a JWK Set may have. The signal is listened to here as well: after the headers Node's fetch
 * holds on to it only until garbage is collected, and an answer that stops halfway would be waited for without end.
 */
async function boundedText(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of Readable.fromWeb(body, { signal }) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_JWK_SET_LENGTH) throw new Error(`The JWK Set has more than ${MAX_JWK_SET_LENGTH} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
