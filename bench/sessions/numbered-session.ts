import { createHash } from "node:crypto";
import { parseSecretKey } from "../../src/settings/keys.js";
import { RefreshTokenCodec } from "../../src/tokens/refresh-token-codec.js";
import { SECRET, signToken } from "../subject.js";

/** How many sessions of a table the one user has, who holds tokens of them; the others belong to nobody. */
const OWN_SESSIONS = 5_000;

/** Millions of sessions are made from their numbers alone: in SQL as rows, here as the tokens of some of them. */
const NUMBER_DIGITS = 12;

const codec = new RefreshTokenCodec(parseSecretKey(SECRET), []);

/** Every how many sessions one belongs to the user. */
export function ownSessionStep(sessions: number): number {
  return Math.max(1, Math.floor(sessions / OWN_SESSIONS));
}

/** The numbers of the user's sessions that are not over, spread over the whole table. */
export function ownSessions(sessions: number, expired: number): number[] {
  const step = ownSessionStep(sessions);
  const first = Math.floor(expired / step) + 1;
  const last = Math.floor(sessions / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The first refresh token of a session. */
export function refreshTokenOf(number: number): string {
  return codec.issue(createHash("sha256").update(`bench-${number}`).digest(), 0);
}

/** An access token of a session, as the profile `hardened` has them. */
export function accessTokenOf(number: number): string {
  return signToken({ jti: `bench-${number}`, sid: idOf(number) }, "at+jwt");
}

function idOf(number: number): string {
  const hex = number.toString(16).padStart(NUMBER_DIGITS, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${hex}`;
}

const HEX_SQL = `LPAD(LOWER(HEX(n)), ${NUMBER_DIGITS}, '0')`;

/** The same in SQL, for a number `n`. */
export const SESSION_SQL = {
  hash: "UNHEX(SHA2(UNHEX(SHA2(CONCAT('bench-', n), 256)), 256))",
  id: `CONCAT(LEFT(${HEX_SQL}, 8), '-', RIGHT(${HEX_SQL}, 4), '-7000-8000-', ${HEX_SQL})`,
};
