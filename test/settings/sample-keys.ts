import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** A key pair with its usual spellings. */
export interface SamplePair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  readonly privatePem: string;
}

/** A key pair of `node:crypto` with its spellings. */
export function sample({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): SamplePair {
  return {
    publicKey,
    privateKey,
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** One key pair of each type, made anew for each run. */
export const PAIRS = {
  rsa: sample(generateKeyPairSync("rsa", { modulusLength: 2048 })),
  rsa1024: sample(generateKeyPairSync("rsa", { modulusLength: 1024 })),
  p256: sample(generateKeyPairSync("ec", { namedCurve: "P-256" })),
  otherP256: sample(generateKeyPairSync("ec", { namedCurve: "P-256" })),
  p384: sample(generateKeyPairSync("ec", { namedCurve: "P-384" })),
  p521: sample(generateKeyPairSync("ec", { namedCurve: "P-521" })),
  k256: sample(generateKeyPairSync("ec", { namedCurve: "secp256k1" })),
  ed25519: sample(generateKeyPairSync("ed25519")),
  ed448: sample(generateKeyPairSync("ed448")),
} as const;
