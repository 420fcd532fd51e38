import { createHash } from "node:crypto";
import type { HttpResponse } from "../http-response.js";
import { headerValue, type RequestInfo } from "../request-info.js";
import type { PublicJwkSet } from "../tokens/public-jwk.js";

/** How long a cache may keep the keys, seconds. The next key is published for longer before it signs. */
export const JWKS_MAX_AGE = 300;

/** Public keys as an HTTP answer (RFC 7517, section 8.5.2), or 304 where the client has them (RFC 9110, section 13.1.2). */
export function jwksResponse(jwks: PublicJwkSet, request: Pick<RequestInfo, "headers">): HttpResponse {
  const body = JSON.stringify(jwks);
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const headers = { etag, "cache-control": `public, max-age=${JWKS_MAX_AGE}` };
  if (names(headerValue(request, "if-none-match"), etag)) return { status: 304, headers, body: "" };
  return { status: 200, headers: { ...headers, "content-type": "application/jwk-set+json" }, body };
}

/** Tags are compared weakly here: a proxy that has compressed the answer marks its tag as weak. */
function names(condition: string | undefined, etag: string): boolean {
  const tags = condition?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.includes(etag) || tags.includes("*");
}
