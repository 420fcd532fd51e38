import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Column, Entity } from "typeorm";

import { JsonWebTokenError, RefreshToken } from "../../src/index.js";
import type {
  DecodeHandler,
  EncodeHandler,
  GetRefreshTokenHandler,
  GetUserByNaturalKeyHandler,
  JwtPayload,
  PayloadGetUsernameHandler,
  PayloadHandler,
  RefreshExpiredHandler,
  UnauthorizedResponseHandler,
} from "../../src/index.js";

/*
 * Handlers of an application, given in code and imported by their name from the environment. Each has a second one that
 * answers the same later, as one that asks another service does.
 */

/** The import string of an export of this file. */
export function importString(name: string): string {
  return `${fileURLToPath(import.meta.url)}#${name}`;
}

export const encode: EncodeHandler = (payload) =>
  `home-made.${Buffer.from(JSON.stringify(payload)).toString("base64url")}`;

export const decode: DecodeHandler = (token) => {
  const [make, payload = ""] = token.split(".");
  if (make !== "home-made") throw new JsonWebTokenError();
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as JwtPayload;
};

export const payload: PayloadHandler = (user, { settings, now }) => ({
  username: user.username,
  scope: "everything",
  validFor: `${settings.expirationDelta} s from ${now.toISOString()}`,
});

export const usernameOfSub: PayloadGetUsernameHandler = ({ sub }) => (typeof sub === "string" ? sub : null);

export const ghost: GetUserByNaturalKeyHandler = (username) =>
  username === "ghost" ? { id: "0", username, isActive: true } : null;

export const expiredAfterAMinute: RefreshExpiredHandler = (origIat, { now }) => now.getTime() / 1000 - origIat > 60;

/** Knows the refresh tokens of an older system, `old-system:USERNAME`, and none of Janus's own. */
export const ofOldSystem: GetRefreshTokenHandler = (model, token, { now }) => {
  const [system, user] = token.split(":");
  if (system !== "old-system") return null;
  const dates = { created: now, rotated: now, lastUsed: now, revoked: null };
  return Object.assign(new model(), { id: token, hash: Buffer.alloc(32), generation: 0, user, ...dates });
};

export const goAway: UnauthorizedResponseHandler = ({ method }, error) => ({
  status: 403,
  headers: { "content-type": "text/html", "x-refused": error.code },
  body: `<p>No ${method} with this token.</p>`,
});

/** Sessions in a table of their own, with a column more. */
@Entity("device_session")
export class DeviceSession extends RefreshToken {
  @Column({ type: "varchar", length: 64, nullable: true })
  device!: string | null;
}

export const encodeLater = later(encode);
export const decodeLater = later(decode);
export const payloadLater = later(payload);
export const usernameOfSubLater = later(usernameOfSub);
export const ghostLater = later(ghost);
export const expiredAfterAMinuteLater = later(expiredAfterAMinute);
export const ofOldSystemLater = later(ofOldSystem);
export const goAwayLater = later(goAway);

function later<Args extends unknown[], Answer>(handler: (...args: Args) => Answer | Promise<Answer>) {
  return async (...args: Args): Promise<Answer> => {
    await nextTurn();
    return handler(...args);
  };
}
