import type { KeyObject } from "node:crypto";

import { ALGORITHMS, type Algorithm, type KeyRequirement } from "./algorithms.js";

const TYPES: Readonly<Record<string, string>> = { secret: "a secret", rsa: "an RSA key", ed25519: "an Ed25519 key" };
const CURVES: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

/** Why an asymmetric key is not one for the algorithm, to be read after the setting's name; undefined where it is. */
export function misfit(algorithm: Algorithm, key: KeyObject): string | undefined {
  const requirement: KeyRequirement = ALGORITHMS[algorithm];
  const needed = keyName(requirement.type, "curve" in requirement ? requirement.curve : undefined);
  const actual = keyName(key.asymmetricKeyType, curveOf(key));
  return actual === needed ? undefined : `is ${actual}, but ${algorithm} needs ${needed}`;
}

/** The built-in handlers refuse smaller ones (RFC 7518, section 3.3). */
export const MIN_RSA_BITS = 2048;

/** Why an RSA key is too small, to be read after the setting's name; undefined for other keys. */
export function tooSmall(algorithm: Algorithm, key: KeyObject): string | undefined {
  const { modulusLength: bits = MIN_RSA_BITS } = key.asymmetricKeyDetails ?? {};
  return bits < MIN_RSA_BITS
    ? `is an RSA key of ${bits} bits, but ${algorithm} needs ${MIN_RSA_BITS} or more`
    : undefined;
}

function keyName(type = "unknown", curve = "unknown"): string {
  return type === "ec" ? `an EC key on the curve ${curve}` : (TYPES[type] ?? `a key of the type ${type}`);
}

function curveOf(key: KeyObject): string | undefined {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve && (CURVES[curve] ?? curve);
}
