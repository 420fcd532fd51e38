import { MAX_JWK_SET_LENGTH } from "../settings/jwk-set.js";

/** How long an answer may take, milliseconds. */
const PATIENCE = 3_000;

/**
 * The text of a JWK Set at a URL. A redirection is not followed: it would decide whose tokens are believed.
 *
 * @throws Error that says what came instead
 */
export async function fetchJwks(url: string): Promise<string> {
  const headers = { accept: "application/jwk-set+json, application/json" };
  const response = await fetch(url, { headers, redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The JWK Set was answered with the status ${response.status}`);
  }
  return boundedText(response);
}

/** Not more of it is read than a JWK Set may have. */
async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_JWK_SET_LENGTH) throw new Error(`The JWK Set has more than ${MAX_JWK_SET_LENGTH} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
