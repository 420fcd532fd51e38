import { type Algorithm, createDecoder, createSigner, createVerifier } from "fast-jwt";

/** Tokens in the eyes of a library that shares no code with the one they were made with. */

type Json = Readonly<Record<string, unknown>>;

const decodeWhole = createDecoder({ complete: true });

/** The claims of a token. */
export function claimsOf(token: string): Json {
  return (decodeWhole(token) as { payload: Json }).payload;
}

/** The header of a token. */
export function headerOf(token: string): Json {
  return (decodeWhole(token) as { header: Json }).header;
}

/** Whether the signature is of this key: a secret, or a public key as PEM. */
export function isSignedBy(token: string, key: string, algorithm: Algorithm = "HS256"): boolean {
  try {
    createVerifier({ key, algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true })(token);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "FAST_JWT_INVALID_SIGNATURE") return false;
    throw error;
  }
}

/** A token with these claims and nothing else, signed with a secret or a private key as PEM. */
export function sign(claims: Json, key: string, algorithm: Algorithm = "HS256"): string {
  return createSigner({ key, algorithm, noTimestamp: !("iat" in claims) })({ ...claims });
}
