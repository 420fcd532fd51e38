import { numericDate } from "../clock.js";
import { JsonWebTokenError, TokenDecodeError, TokenExpiredError } from "../errors.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";

/** The latest moment that a `Date` can hold, Unix seconds. */
const LATEST = numericDate(new Date(8.64e15));

/**
 * Checks the registered claims of a payload whose signature has been verified (RFC 7519, section 4.1).
 *
 * @throws TokenExpiredError if `exp` has passed and `verifyExpiration` is on
 * @throws TokenDecodeError if a date is no number, as PyJWT answers
 * @throws JsonWebTokenError if audience or issuer do not fit, or the token is not valid yet
 */
export function checkClaims(payload: JwtPayload, settings: JwtSettings, now: Date): void {
  const seconds = now.getTime() / 1000;
  const exp = dateClaim(payload, "exp");
  const notBefore = dateClaim(payload, "nbf");
  const issuedAt = dateClaim(payload, "iat");
  dateClaim(payload, "origIat");

  if (notBefore !== undefined && notBefore > seconds + settings.leeway) throw new JsonWebTokenError();
  if (issuedAt !== undefined && issuedAt > seconds + settings.leeway) throw new JsonWebTokenError();
  checkExpiration(exp, settings, now);
  checkIssuer(payload, settings);
  checkAudience(payload, settings);
}

/** Whether what a payload calls a time is one: Unix seconds. */
export function hasNumericDates(payload: JwtPayload): boolean {
  return (["exp", "nbf", "iat", "origIat"] as const).every((name) => isDateClaim(payload[name]));
}

function checkExpiration(exp: number | undefined, settings: JwtSettings, now: Date): void {
  if (!settings.verifyExpiration) return;
  // django-graphql-jwt takes a token without `exp`; a hardened server does not.
  if (exp === undefined) {
    if (settings.profile === "hardened") throw new JsonWebTokenError();
    return;
  }
  if (isExpired(exp, settings, now)) throw new TokenExpiredError();
}

/** "On or after" the time in `exp` a token must not be accepted (RFC 7519, section 4.1.4). */
export function isExpired(exp: number, { leeway }: JwtSettings, now: Date): boolean {
  return exp <= now.getTime() / 1000 - leeway;
}

function checkIssuer(payload: JwtPayload, settings: JwtSettings): void {
  if (settings.issuer !== undefined && payload.iss !== settings.issuer) throw new JsonWebTokenError();
}

/** One common value is enough (RFC 7519, section 4.1.3). A token for somebody else is refused when we have no name. */
function checkAudience(payload: JwtPayload, settings: JwtSettings): void {
  const ours = asList(settings.audience);
  const theirs = asList(payload.aud);
  if (ours.length === 0 && theirs.length === 0) return;
  if (!theirs.some((audience) => ours.includes(audience))) throw new JsonWebTokenError();
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function dateClaim(payload: JwtPayload, name: "exp" | "nbf" | "iat" | "origIat"): number | undefined {
  const value: unknown = payload[name];
  if (!isDateClaim(value)) throw new TokenDecodeError();
  return value;
}

/** A NumericDate, a finite number that a date can hold, or nothing. `"exp": "1700000000"` is none. */
function isDateClaim(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === "number" && value >= 0 && value <= LATEST);
}
