import type { KeyObject } from "node:crypto";
import type { Algorithm } from "../settings/algorithms.js";

/** A public key as a JWK (RFC 7517, section 4). */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: "sig";
  /** Of EC and Ed25519 keys. */
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  /** Of RSA keys. */
  readonly n?: string;
  readonly e?: string;
}

/** A JWK Set of public keys (RFC 7517, section 5). */
export interface PublicJwkSet {
  readonly keys: readonly PublicJwk[];
}

/** Every member that is public, by the type of the key. What is not named here is not published, whatever a key may have. */
const PUBLIC_MEMBERS: Readonly<Record<string, readonly ("crv" | "x" | "y" | "n" | "e")[]>> = {
  RSA: ["n", "e"],
  EC: ["crv", "x", "y"],
  OKP: ["crv", "x"],
};

/** A public key for everybody to see. */
export function publicJwk(key: KeyObject, kid: string, algorithm: Algorithm): PublicJwk {
  if (key.type !== "public") throw new TypeError(`A ${key.type} key is never published`);
  const jwk = key.export({ format: "jwk" });
  const { kty = "" } = jwk;
  const members = PUBLIC_MEMBERS[kty] ?? [];
  const own = Object.fromEntries(members.map((member) => [member, jwk[member]]));
  return { kty, kid, alg: algorithm, use: "sig", ...own };
}

/** The keys of a ring that may be seen. */
export function jwksOf({
  keys,
}: {
  readonly keys: readonly { readonly published: PublicJwk | undefined }[];
}): PublicJwkSet {
  return { keys: keys.flatMap(({ published }) => published ?? []) };
}
