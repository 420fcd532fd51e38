import type { NameOf } from "./contradiction.js";
import type { JwtSettings } from "./jwt-settings.js";
import { MIN_RSA_BITS } from "./key-fit.js";
import { shortSecret } from "./short-secret.js";

/** One warning for each setting that weakens security, or leaves something out that a server is expected to do. */
export function weaknesses(settings: JwtSettings, nameOf: NameOf): string[] {
  return [
    ...(settings.verify ? [] : [`${nameOf("verify")} is false: signatures are not verified, anyone can forge a token`]),
    ...(settings.verifyExpiration ? [] : [`${nameOf("verifyExpiration")} is false: expired tokens are accepted`]),
    ...shortSecrets(settings, nameOf),
    ...smallModulus(settings, nameOf),
    ...publicKeyAlone(settings, nameOf),
    ...verifyingOnly(settings, nameOf),
    ...keysBesideSet(settings, nameOf),
  ];
}

/** Only in the documented profile: the hardened one does not start with them. */
function shortSecrets(settings: JwtSettings, nameOf: NameOf): string[] {
  const secrets = [
    ...(settings.secretKey ? [["secretKey", settings.secretKey] as const] : []),
    ...settings.secretKeyFallbacks.map((key) => ["secretKeyFallbacks", key] as const),
  ];
  return secrets.flatMap(([name, key]) => {
    const problem = shortSecret(key, settings);
    return problem === undefined ? [] : [`${nameOf(name)} ${problem}`];
  });
}

/** The built-in handlers take no such key; those of the application might. */
function smallModulus({ publicKey, privateKey }: JwtSettings, nameOf: NameOf): string[] {
  const name = privateKey ? "privateKey" : "publicKey";
  const bits = (privateKey ?? publicKey)?.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  return bits < MIN_RSA_BITS
    ? [`${nameOf(name)} is an RSA key of ${bits} bits: fewer than ${MIN_RSA_BITS} are too few`]
    : [];
}

function publicKeyAlone({ publicKey, privateKey, encodeHandler, keySet }: JwtSettings, nameOf: NameOf): string[] {
  if (!publicKey || privateKey || encodeHandler || keySet !== undefined) return [];
  return [
    `${nameOf("publicKey")} is given without privateKey or JWT_PRIVATE_KEY: tokens are verified, and none are issued`,
  ];
}

function verifyingOnly({ jwks, encodeHandler }: JwtSettings, nameOf: NameOf): string[] {
  return jwks === undefined || encodeHandler
    ? []
    : [`${nameOf("jwks")} is given: tokens are verified with the keys of another process, and none are issued`];
}

function keysBesideSet({ keySet, privateKey }: JwtSettings, nameOf: NameOf): string[] {
  return keySet === undefined || !privateKey
    ? []
    : [`${nameOf("privateKey")} signs nothing beside ${nameOf("keySet")}: take it away when its last token is gone`];
}
