import { createPublicKey, type KeyObject } from "node:crypto";

import { isSymmetric } from "./algorithms.js";
import { formatDuration } from "./durations.js";
import type { JwtSettings } from "./jwt-settings.js";
import { misfit, tooSmall } from "./key-fit.js";
import type { SettingName } from "./settings-list.js";

/** A setting in the spelling it was given. */
export type NameOf = (setting: SettingName) => string;

/** A rule over several settings. It is not asked when one of them is wrong by itself. */
export interface Contradiction {
  /** The settings it looks at, the one to blame first. */
  readonly settings: readonly [SettingName, ...SettingName[]];
  /** What is wrong, to be read after the name of the setting to blame. */
  find(settings: JwtSettings, nameOf: NameOf): string | undefined;
}

/** Everything that settings can be wrong together about. */
export const CONTRADICTIONS: readonly Contradiction[] = [
  {
    settings: ["refreshExpirationDelta", "expirationDelta", "allowRefresh"],
    find: ({ refreshExpirationDelta, expirationDelta, allowRefresh }, nameOf) =>
      allowRefresh && refreshExpirationDelta < expirationDelta
        ? `must not be shorter than ${nameOf("expirationDelta")}, ${formatDuration(expirationDelta)}`
        : undefined,
  },
  {
    settings: ["refreshGracePeriod", "refreshExpirationDelta"],
    find: ({ refreshGracePeriod, refreshExpirationDelta }, nameOf) =>
      refreshGracePeriod >= refreshExpirationDelta
        ? `must be shorter than ${nameOf("refreshExpirationDelta")}, ${formatDuration(refreshExpirationDelta)}`
        : undefined,
  },
  {
    settings: ["verifySession", "longRunningRefreshToken"],
    find: ({ verifySession, longRunningRefreshToken }, nameOf) =>
      verifySession && !longRunningRefreshToken
        ? `must be false where ${nameOf("longRunningRefreshToken")} is false: there are no sessions then`
        : undefined,
  },
  {
    settings: ["secretKey", "algorithm", "longRunningRefreshToken", "privateKey", "encodeHandler", "decodeHandler"],
    find: (settings, nameOf) => {
      const user = settings.secretKey ? undefined : userOfSecret(settings, nameOf);
      return user && `is missing: ${user} needs secretKey, JWT_SECRET_KEY or the application's SECRET_KEY`;
    },
  },
  {
    settings: ["algorithm", "publicKey", "privateKey", "encodeHandler", "decodeHandler"],
    find: (settings) =>
      !isSymmetric(settings.algorithm) && !settings.publicKey && !settings.privateKey && usesKeys(settings)
        ? `is ${settings.algorithm}, which needs privateKey or JWT_PRIVATE_KEY, or to verify only publicKey or JWT_PUBLIC_KEY`
        : undefined,
  },
  {
    settings: ["publicKey", "algorithm", "encodeHandler", "decodeHandler"],
    find: (settings) => settings.publicKey && unfit(settings.publicKey, settings),
  },
  {
    settings: ["privateKey", "algorithm", "encodeHandler", "decodeHandler"],
    find: (settings) => settings.privateKey && unfit(settings.privateKey, settings),
  },
  {
    settings: ["privateKey", "publicKey"],
    find: ({ privateKey, publicKey }, nameOf) =>
      privateKey && publicKey && !createPublicKey(privateKey).equals(publicKey)
        ? `does not belong to ${nameOf("publicKey")}`
        : undefined,
  },
  {
    settings: ["refreshTokenCookieName", "cookieName"],
    find: ({ refreshTokenCookieName, cookieName }, nameOf) =>
      refreshTokenCookieName === cookieName ? `must not be the same as ${nameOf("cookieName")}` : undefined,
  },
  {
    settings: ["csrfRotation", "cookies"],
    find: ({ csrfRotation, cookies }, nameOf) =>
      csrfRotation && !cookies ? `must be false where ${nameOf("cookies")} is false: it rotates a cookie` : undefined,
  },
  {
    settings: ["hideTokenFields", "cookies"],
    find: ({ hideTokenFields, cookies }, nameOf) =>
      hideTokenFields && !cookies
        ? `must be false where ${nameOf("cookies")} is false: no client would ever receive a token`
        : undefined,
  },
  {
    settings: ["hideTokenFields", "mutations"],
    find: ({ hideTokenFields, mutations }, nameOf) =>
      hideTokenFields && mutations === "strawberry"
        ? `must be false where ${nameOf("mutations")} is strawberry: its answers are nothing but tokens`
        : undefined,
  },
  {
    settings: ["cookieSameSite", "cookieSecure", "cookies"],
    find: ({ cookieSameSite, cookieSecure, cookies }, nameOf) =>
      cookies && cookieSameSite === "None" && !cookieSecure
        ? `must not be None where ${nameOf("cookieSecure")} is false: browsers drop such a cookie`
        : undefined,
  },
];

/** What the secret is needed for. Refresh tokens carry a MAC, unless this process only verifies access tokens. */
function userOfSecret(settings: JwtSettings, nameOf: NameOf): string | undefined {
  if (isSymmetric(settings.algorithm) && usesKeys(settings)) return settings.algorithm;
  const issues = settings.privateKey ?? settings.encodeHandler;
  return issues && settings.longRunningRefreshToken ? nameOf("longRunningRefreshToken") : undefined;
}

/** Every token would fail with a key that is too small, and the operator learn it from the first client. */
function unfit(key: KeyObject, settings: JwtSettings): string | undefined {
  const { algorithm } = settings;
  return misfit(algorithm, key) ?? (usesKeys(settings) ? tooSmall(algorithm, key) : undefined);
}

/** A program that replaces both ends of the built-in handlers, with a key service for instance, needs no key here. */
function usesKeys({ encodeHandler, decodeHandler }: JwtSettings): boolean {
  return !encodeHandler || !decodeHandler;
}
