import type { KeyObject } from "node:crypto";

import { ALGORITHMS, type Algorithm, type KeyRequirement } from "./algorithms.js";

const TYPES: Readonly<Record<string, string>> = { secret: "a secret", rsa: "an RSA key", ed25519: "an Ed25519 key" };
const CURVES: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

/** Why a key is not one for the algorithm, to be read after the setting's name; undefined where it is. */
export function misfit(algorithm: Algorithm, key: KeyObject): string | undefined {
  const requirement: KeyRequirement = ALGORITHMS[algorithm];
  const needed = keyName(requirement.type, "curve" in requirement ? requirement.curve : undefined);
  const actual = keyName(key.type === "secret" ? key.type : key.asymmetricKeyType, curveOf(key));
  return actual === needed ? undefined : `is ${actual}, but ${algorithm} needs ${needed}`;
}

/** The built-in handlers refuse smaller ones (RFC 7518, section 3.3). */
export const MIN_RSA_BITS = 2048;

/** FIPS 186-5, section A.1.1: odd, above 2^16 and below 2^256. A small one has let signatures be forged. */
const MIN_EXPONENT = 65_537n;
const EXPONENT_LIMIT = 2n ** 256n;

/** Why a key is too weak for the algorithm, to be read after its name; undefined where it is not. */
export function tooWeak(algorithm: Algorithm, key: KeyObject): string | undefined {
  const requirement: KeyRequirement = ALGORITHMS[algorithm];
  if (requirement.type === "secret") return tooShort(algorithm, key.symmetricKeySize ?? 0, requirement.hashBytes);
  const { modulusLength: bits = MIN_RSA_BITS, publicExponent = MIN_EXPONENT } = key.asymmetricKeyDetails ?? {};
  if (bits < MIN_RSA_BITS) return `is an RSA key of ${bits} bits, but ${algorithm} needs ${MIN_RSA_BITS} or more`;
  const isGood = publicExponent >= MIN_EXPONENT && publicExponent < EXPONENT_LIMIT && publicExponent % 2n === 1n;
  return isGood ? undefined : `is an RSA key whose public exponent is not odd and from ${MIN_EXPONENT} to 2^256`;
}

/** As long as its hash (RFC 7518, section 3.2). */
function tooShort(algorithm: Algorithm, bytes: number, needed: number): string | undefined {
  return bytes < needed ? `has ${bytes} bytes, but ${algorithm} needs ${needed} or more` : undefined;
}

function keyName(type = "unknown", curve = "unknown"): string {
  return type === "ec" ? `an EC key on the curve ${curve}` : (TYPES[type] ?? `a key of the type ${type}`);
}

function curveOf(key: KeyObject): string | undefined {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve && (CURVES[curve] ?? curve);
}
