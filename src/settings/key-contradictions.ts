import { createPublicKey, type KeyObject } from "node:crypto";

import { ALGORITHMS, isSymmetric } from "./algorithms.js";
import type { Contradiction, NameOf } from "./contradiction.js";
import { objection } from "./jwk.js";
import type { JwtSettings } from "./jwt-settings.js";
import { misfit, tooWeak } from "./key-fit.js";
import { shortSecret } from "./short-secret.js";

const HANDLERS = ["encodeHandler", "decodeHandler"] as const;

/** What the settings of keys can be wrong together about. */
export const KEY_CONTRADICTIONS: readonly Contradiction[] = [
  {
    settings: ["secretKey", "algorithm", "longRunningRefreshToken", "privateKey", "keySet", ...HANDLERS],
    find: (settings, nameOf) => {
      const user = settings.secretKey ? undefined : userOfSecret(settings, nameOf);
      return user && `is missing: ${user} needs secretKey, JWT_SECRET_KEY or the application's SECRET_KEY`;
    },
  },
  {
    settings: ["secretKey", "algorithm", "longRunningRefreshToken", "profile", "keySet", ...HANDLERS],
    find: (settings) =>
      settings.profile === "hardened" && settings.secretKey ? shortSecret(settings.secretKey, settings) : undefined,
  },
  {
    settings: ["secretKeyFallbacks", "algorithm", "longRunningRefreshToken", "profile", ...HANDLERS],
    find: (settings) =>
      settings.profile === "hardened"
        ? settings.secretKeyFallbacks.map((key) => shortSecret(key, settings)).find((problem) => problem)
        : undefined,
  },
  {
    settings: ["secretKey", "algorithm"],
    find: (settings) => settings.secretKey && objectionToSecret([settings.secretKey], settings),
  },
  {
    settings: ["secretKeyFallbacks", "algorithm"],
    find: (settings) => objectionToSecret(settings.secretKeyFallbacks, settings),
  },
  {
    settings: ["algorithm", "publicKey", "privateKey", "keySet", "jwks", ...HANDLERS],
    find: (settings) => {
      const { algorithm, publicKey, privateKey, keySet, jwks } = settings;
      return !isSymmetric(algorithm) && !(publicKey ?? privateKey ?? keySet ?? jwks) && usesKeys(settings)
        ? `is ${algorithm}, which needs privateKey or JWT_PRIVATE_KEY, or to verify only publicKey or JWT_PUBLIC_KEY`
        : undefined;
    },
  },
  {
    settings: ["jwks", "algorithm"],
    find: ({ jwks, algorithm }) =>
      jwks !== undefined && isSymmetric(algorithm)
        ? `needs an asymmetric algorithm: whoever can verify ${algorithm} can sign too, so its key is never published`
        : undefined,
  },
  ...(["keySet", "privateKey", "publicKey"] as const).map((other): Contradiction => ({
    settings: ["jwks", other],
    find: (settings, nameOf) =>
      settings.jwks !== undefined && settings[other] !== undefined
        ? `must not be given beside ${nameOf(other)}: it is for a process that verifies with the keys of another`
        : undefined,
  })),
  {
    settings: ["publicKey", "algorithm", ...HANDLERS],
    find: (settings) => settings.publicKey && unfit(settings.publicKey, settings),
  },
  {
    settings: ["privateKey", "algorithm", ...HANDLERS],
    find: (settings) => settings.privateKey && unfit(settings.privateKey, settings),
  },
  {
    settings: ["privateKey", "publicKey"],
    find: ({ privateKey, publicKey }, nameOf) =>
      privateKey && publicKey && !createPublicKey(privateKey).equals(publicKey)
        ? `does not belong to ${nameOf("publicKey")}`
        : undefined,
  },
];

function objectionToSecret(keys: readonly KeyObject[], { algorithm }: JwtSettings): string | undefined {
  return isSymmetric(algorithm) ? keys.map((key) => objection(algorithm, key)).find((problem) => problem) : undefined;
}

/** What the secret is needed for. Refresh tokens carry a MAC, unless this process only verifies access tokens. */
function userOfSecret(settings: JwtSettings, nameOf: NameOf): string | undefined {
  const { algorithm, keySet } = settings;
  if (ALGORITHMS[algorithm].type === "secret" && keySet === undefined && usesKeys(settings)) return algorithm;
  const issues = settings.privateKey ?? settings.encodeHandler ?? keySet;
  return issues && settings.longRunningRefreshToken ? nameOf("longRunningRefreshToken") : undefined;
}

/** Every token would fail with a key that is too weak, and the operator learn it from the first client. */
function unfit(key: KeyObject, settings: JwtSettings): string | undefined {
  const { algorithm } = settings;
  return (
    misfit(algorithm, key) ?? objection(algorithm, key) ?? (usesKeys(settings) ? tooWeak(algorithm, key) : undefined)
  );
}

/** A program that replaces both ends of the built-in handlers, with a key service for instance, needs no key here. */
function usesKeys({ encodeHandler, decodeHandler }: JwtSettings): boolean {
  return !encodeHandler || !decodeHandler;
}
