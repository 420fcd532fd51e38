import type { JwtSettings } from "../settings/jwt-settings.js";

/** The value of `WWW-Authenticate` where the token of a request is bad (RFC 6750, section 3.1), with our own schemes. */
export function invalidTokenChallenge({ authHeaderPrefix }: Pick<JwtSettings, "authHeaderPrefix">): string {
  return authHeaderPrefix.map((prefix) => `${prefix} error="invalid_token"`).join(", ");
}
