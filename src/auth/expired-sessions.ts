import { numericDate } from "../clock.js";
import type { EndedSessions } from "../sessions/refresh-token-repository.js";
import type { JwtSettings } from "../settings/jwt-settings.js";

/** The sessions that no refresh would be answered for, by the settings alone. A handler of one's own is not asked. */
export function expiredSessions(settings: JwtSettings, now: Date): EndedSessions {
  const { refreshExpirationDelta, refreshAbsoluteLifetime, reuseRefreshTokens, refreshExpiredHandler } = settings;
  const before = (lifetime: number) => new Date((numericDate(now) - lifetime) * 1000);
  const lifetimes = [
    ...(refreshAbsoluteLifetime === undefined ? [] : [refreshAbsoluteLifetime]),
    ...(reuseRefreshTokens || refreshExpiredHandler ? [] : [refreshExpirationDelta]),
  ];
  return {
    ...(lifetimes.length > 0 && { createdBefore: before(Math.min(...lifetimes)) }),
    ...(reuseRefreshTokens && !refreshExpiredHandler && { lastRotatedBefore: before(refreshExpirationDelta) }),
  };
}
