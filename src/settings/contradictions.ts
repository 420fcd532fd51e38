import type { Contradiction } from "./contradiction.js";
import { formatDuration } from "./durations.js";
import { KEY_CONTRADICTIONS } from "./key-contradictions.js";

export type { Contradiction, NameOf } from "./contradiction.js";

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
  ...KEY_CONTRADICTIONS,
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
