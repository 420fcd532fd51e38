import type { JwtSettings, Profile } from "./jwt-settings.js";

/** How the defaults of each profile differ from the documented ones. Durations are seconds. */
export const PROFILE_DEFAULTS: Readonly<Record<Profile, Partial<JwtSettings>>> = {
  documented: {},
  hardened: {
    profile: "hardened",
    verifyExpiration: true,
    verifySession: true,
    longRunningRefreshToken: true,
    refreshAbsoluteLifetime: 90 * 86_400,
    refreshTokenNBytes: 32,
    reuseRefreshTokens: true,
    refreshGracePeriod: 10,
    authenticateIntrospection: true,
    loginLimitPerNameAndAddress: 10,
    loginLimitPerAddress: 100,
    loginLimitPerName: 100,
    loginLimitKnownAddress: 30 * 86_400,
    cookieSecure: true,
    cookieSameSite: "Lax",
    requirePreflight: true,
    queryAliasLimit: 30,
    queryComplexityLimit: 1_000,
    connectionsPerUser: 100,
  },
};
