import { JsonWebTokenError, TokenDecodeError } from "../errors.js";
import { decodeBase64url } from "./base64url.js";
import { parseStrictObject } from "./strict-json.js";

/** Longer tokens are refused before any cryptography, in characters. A token of ours has about 250. */
export const MAX_TOKEN_LENGTH = 8192;

/**
 * The header parameters that Janus knows, each a text (RFC 7515, sections 4.1.1, 4.1.4, 4.1.9 and 4.1.10). A header with
 * any other is refused: none of them may choose a key for us.
 */
const KNOWN_HEADER_PARAMETERS = new Set(["alg", "typ", "kid", "cty"]);

/** A token that has the form of a JWS Compact Serialization (RFC 7515, section 7.1); nothing in it is verified yet. */
export interface CompactToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Takes a token apart, strictly: three parts of canonical base64url, header and payload are JSON objects with
 * no name twice, and the header names `algorithm` and no parameter that Janus does not know (RFC 8725, sections 3.1 and
 * 3.10).
 *
 * @throws TokenDecodeError if the form is wrong
 * @throws JsonWebTokenError if the header asks for another algorithm or an unknown parameter
 */
export function parseCompact(token: string, algorithm: string): CompactToken {
  if (token.length > MAX_TOKEN_LENGTH) throw new TokenDecodeError();
  const parts = token.split(".");
  if (parts.length !== 3) throw new TokenDecodeError();
  const [header, payload, signature] = parts as [string, string, string];

  const parsedHeader = parseJsonObject(header);
  if (parsedHeader["alg"] !== algorithm) throw new JsonWebTokenError();
  if (!Object.keys(parsedHeader).every((name) => KNOWN_HEADER_PARAMETERS.has(name))) throw new JsonWebTokenError();
  if (!Object.values(parsedHeader).every((value) => typeof value === "string")) throw new TokenDecodeError();

  if (signature === "" || decodeBase64url(signature) === null) throw new TokenDecodeError();
  return { header: parsedHeader, payload: parseJsonObject(payload) };
}

function parseJsonObject(part: string): Record<string, unknown> {
  const bytes = decodeBase64url(part);
  const text = bytes && decodeUtf8(bytes);
  const value = text === null ? null : parseStrictObject(text);
  if (value === null) throw new TokenDecodeError();
  return value;
}

/** Null for what is not UTF-8. A byte order mark is kept, and is no JSON (RFC 8259, section 8.1). */
function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
