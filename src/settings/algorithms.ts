/** What a JWS algorithm (RFC 7518, section 3.1; RFC 8037, section 3.1) asks of its key. */
export type KeyRequirement =
  | { readonly type: "secret"; readonly hashBytes: 32 | 48 | 64 }
  | { readonly type: "rsa" }
  | { readonly type: "ec"; readonly curve: "P-256" | "P-384" | "P-521" }
  | { readonly type: "ed25519" };

/** The supported signature algorithms, by their JWS name. */
export const ALGORITHMS = {
  HS256: { type: "secret", hashBytes: 32 },
  HS384: { type: "secret", hashBytes: 48 },
  HS512: { type: "secret", hashBytes: 64 },
  RS256: { type: "rsa" },
  RS384: { type: "rsa" },
  RS512: { type: "rsa" },
  PS256: { type: "rsa" },
  PS384: { type: "rsa" },
  PS512: { type: "rsa" },
  ES256: { type: "ec", curve: "P-256" },
  ES384: { type: "ec", curve: "P-384" },
  ES512: { type: "ec", curve: "P-521" },
  EdDSA: { type: "ed25519" },
} as const satisfies Record<string, KeyRequirement>;

/** The name of a supported signature algorithm. */
export type Algorithm = keyof typeof ALGORITHMS;

/** The names of the supported signature algorithms. */
export const ALGORITHM_NAMES: readonly string[] = Object.keys(ALGORITHMS);

/** Whether the algorithm signs and verifies with the same secret. */
export function isSymmetric(algorithm: Algorithm): boolean {
  return ALGORITHMS[algorithm].type === "secret";
}
