import { ALGORITHMS } from "./algorithms.js";
import type { NameOf } from "./contradictions.js";
import type { JwtSettings } from "./jwt-settings.js";
import { MIN_RSA_BITS } from "./key-fit.js";

const MAC_BYTES = 32; // HMAC-SHA-256 of the refresh tokens

/** One warning for each setting that weakens security, or leaves something out that a server is expected to do. */
export function weaknesses(settings: JwtSettings, nameOf: NameOf): string[] {
  return [
    ...(settings.verify ? [] : [`${nameOf("verify")} is false: signatures are not verified, anyone can forge a token`]),
    ...(settings.verifyExpiration ? [] : [`${nameOf("verifyExpiration")} is false: expired tokens are accepted`]),
    ...shortSecrets(settings, nameOf),
    ...smallModulus(settings, nameOf),
    ...publicKeyAlone(settings, nameOf),
  ];
}

/** A secret is to be as long as the hash (RFC 7518, section 3.2). */
function shortSecrets({ algorithm, longRunningRefreshToken, ...settings }: JwtSettings, nameOf: NameOf): string[] {
  const requirement = ALGORITHMS[algorithm];
  if (requirement.type !== "secret" && !longRunningRefreshToken) return [];
  const needed = requirement.type === "secret" ? requirement.hashBytes : MAC_BYTES;
  const secrets = [
    ...(settings.secretKey ? [["secretKey", settings.secretKey] as const] : []),
    ...settings.secretKeyFallbacks.map((key) => ["secretKeyFallbacks", key] as const),
  ];
  return secrets.flatMap(([name, { symmetricKeySize = 0 }]) =>
    symmetricKeySize < needed
      ? [`${nameOf(name)} has ${symmetricKeySize} bytes: a secret needs ${needed} or more`]
      : [],
  );
}

/** The built-in handlers take no such key; those of the application might. */
function smallModulus({ publicKey, privateKey }: JwtSettings, nameOf: NameOf): string[] {
  const name = privateKey ? "privateKey" : "publicKey";
  const bits = (privateKey ?? publicKey)?.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  return bits < MIN_RSA_BITS
    ? [`${nameOf(name)} is an RSA key of ${bits} bits: fewer than ${MIN_RSA_BITS} are too few`]
    : [];
}

function publicKeyAlone({ publicKey, privateKey, encodeHandler }: JwtSettings, nameOf: NameOf): string[] {
  if (!publicKey || privateKey || encodeHandler) return [];
  return [
    `${nameOf("publicKey")} is given without privateKey or JWT_PRIVATE_KEY: tokens are verified, and none are issued`,
  ];
}
