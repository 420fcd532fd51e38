import { createPublicKey, createSecretKey, generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";

import { ALGORITHMS, type Algorithm, type KeyRequirement } from "./algorithms.js";
import { environmentName } from "./setting.js";

const generate = promisify(generateKeyPair);

// NIST SP 800-57 part 1: fit for use beyond 2030.
const RSA_BITS = 3072;

/**
 * Makes the keys of an algorithm.
 *
 * @returns The lines for an environment file: `JWT_ALGORITHM=…` and a secret as long as the hash, as base64url text, or
 * a key pair as one-line base64 of PEM (PKCS #8 and SPKI).
 */
export async function generateKeys(algorithm: Algorithm): Promise<string[]> {
  const key = await generateKey(algorithm);
  const keys = key.type === "secret" ? [line("secretKey", key.export().toString("base64url"))] : keyPairLines(key);
  return [line("algorithm", algorithm), ...keys];
}

/** Makes a key that signs with an algorithm: a secret, or a private key. */
export async function generateKey(algorithm: Algorithm): Promise<KeyObject> {
  const requirement: KeyRequirement = ALGORITHMS[algorithm];
  if (requirement.type === "secret") return createSecretKey(randomBytes(requirement.hashBytes));
  return (await generatePair(requirement)).privateKey;
}

function generatePair(
  requirement: Exclude<KeyRequirement, { type: "secret" }>,
): Promise<{ readonly privateKey: KeyObject }> {
  switch (requirement.type) {
    case "rsa":
      return generate("rsa", { modulusLength: RSA_BITS });
    case "ec":
      return generate("ec", { namedCurve: requirement.curve });
    default:
      return generate("ed25519");
  }
}

function keyPairLines(privateKey: KeyObject): string[] {
  const publicKey = createPublicKey(privateKey);
  return [
    line("privateKey", base64(privateKey.export({ type: "pkcs8", format: "pem" }))),
    line("publicKey", base64(publicKey.export({ type: "spki", format: "pem" }))),
  ];
}

function base64(pem: string | Buffer): string {
  return Buffer.from(pem).toString("base64");
}

function line(property: "algorithm" | "secretKey" | "privateKey" | "publicKey", value: string): string {
  return `${environmentName(property)}=${value}`;
}
