import { validateSync } from "class-validator";
import { expect } from "chai";

import { createSettings } from "../../src/settings/create-settings.js";
import { JwtSettings } from "../../src/settings/jwt-settings.js";
import { SETTINGS } from "../../src/settings/settings-list.js";
import { SECRET } from "./problems-of.js";

const DAY = 86_400;

// Property, environment variable, documented default, hardened default.
const TABLE: readonly (readonly [keyof JwtSettings, string, unknown, unknown])[] = [
  ["profile", "JWT_PROFILE", "documented", "hardened"],
  ["audience", "JWT_AUDIENCE", undefined, undefined],
  ["issuer", "JWT_ISSUER", undefined, undefined],
  ["leeway", "JWT_LEEWAY", 0, 0],
  ["encodeHandler", "JWT_ENCODE_HANDLER", undefined, undefined],
  ["decodeHandler", "JWT_DECODE_HANDLER", undefined, undefined],
  ["payloadHandler", "JWT_PAYLOAD_HANDLER", undefined, undefined],
  ["payloadGetUsernameHandler", "JWT_PAYLOAD_GET_USERNAME_HANDLER", undefined, undefined],
  ["getUserByNaturalKeyHandler", "JWT_GET_USER_BY_NATURAL_KEY_HANDLER", undefined, undefined],
  ["usernameField", "JWT_USERNAME_FIELD", "username", "username"],
  ["verifyExpiration", "JWT_VERIFY_EXPIRATION", false, true],
  ["verifySession", "JWT_VERIFY_SESSION", false, true],
  ["expirationDelta", "JWT_EXPIRATION_DELTA", 300, 300],
  ["allowRefresh", "JWT_ALLOW_REFRESH", true, true],
  ["refreshExpirationDelta", "JWT_REFRESH_EXPIRATION_DELTA", 7 * DAY, 7 * DAY],
  ["refreshAbsoluteLifetime", "JWT_REFRESH_ABSOLUTE_LIFETIME", undefined, 90 * DAY],
  ["clearTokensEvery", "JWT_CLEAR_TOKENS_EVERY", undefined, undefined],
  ["longRunningRefreshToken", "JWT_LONG_RUNNING_REFRESH_TOKEN", false, true],
  ["refreshTokenModel", "JWT_REFRESH_TOKEN_MODEL", undefined, undefined],
  ["refreshTokenNBytes", "JWT_REFRESH_TOKEN_N_BYTES", 20, 32],
  ["reuseRefreshTokens", "JWT_REUSE_REFRESH_TOKENS", false, true],
  ["refreshGracePeriod", "JWT_REFRESH_GRACE_PERIOD", 0, 10],
  ["refreshExpiredHandler", "JWT_REFRESH_EXPIRED_HANDLER", undefined, undefined],
  ["getRefreshTokenHandler", "JWT_GET_REFRESH_TOKEN_HANDLER", undefined, undefined],
  ["mutations", "JWT_MUTATIONS", "graphql-jwt", "graphql-jwt"],
  ["authenticateIntrospection", "JWT_AUTHENTICATE_INTROSPECTION", false, true],
  ["unauthorizedResponseHandler", "JWT_UNAUTHORIZED_RESPONSE_HANDLER", "jsonResponseHandler", "jsonResponseHandler"],
  ["queryDepthLimit", "JWT_QUERY_DEPTH_LIMIT", 20, 20],
  ["queryAliasLimit", "JWT_QUERY_ALIAS_LIMIT", 100, 30],
  ["queryTokenLimit", "JWT_QUERY_TOKEN_LIMIT", 2000, 2000],
  ["queryComplexityLimit", "JWT_QUERY_COMPLEXITY_LIMIT", 5000, 1000],
  ["queryBatchLimit", "JWT_QUERY_BATCH_LIMIT", 0, 0],
  ["connectionsPerUser", "JWT_CONNECTIONS_PER_USER", undefined, 100],
  ["requireRules", "JWT_REQUIRE_RULES", false, false],
  ["loginLimitPerNameAndAddress", "JWT_LOGIN_LIMIT_PER_NAME_AND_ADDRESS", undefined, 10],
  ["loginLimitPerAddress", "JWT_LOGIN_LIMIT_PER_ADDRESS", undefined, 100],
  ["loginLimitWindow", "JWT_LOGIN_LIMIT_WINDOW", 900, 900],
  ["loginLimitPerName", "JWT_LOGIN_LIMIT_PER_NAME", undefined, 100],
  ["loginLimitNameWindow", "JWT_LOGIN_LIMIT_NAME_WINDOW", DAY, DAY],
  ["loginLimitKnownAddress", "JWT_LOGIN_LIMIT_KNOWN_ADDRESS", undefined, 30 * DAY],
  ["authHeaderName", "JWT_AUTH_HEADER_NAME", "authorization", "authorization"],
  ["authHeaderPrefix", "JWT_AUTH_HEADER_PREFIX", ["JWT"], ["JWT"]],
  ["cookies", "JWT_COOKIES", false, false],
  ["cookieName", "JWT_COOKIE_NAME", "JWT", "JWT"],
  ["refreshTokenCookieName", "JWT_REFRESH_TOKEN_COOKIE_NAME", "JWT-refresh-token", "JWT-refresh-token"],
  ["cookieSecure", "JWT_COOKIE_SECURE", false, true],
  ["cookiePath", "JWT_COOKIE_PATH", "/", "/"],
  ["refreshTokenCookiePath", "JWT_REFRESH_TOKEN_COOKIE_PATH", [], []],
  ["cookieDomain", "JWT_COOKIE_DOMAIN", undefined, undefined],
  ["cookieSameSite", "JWT_COOKIE_SAME_SITE", undefined, "Lax"],
  ["hideTokenFields", "JWT_HIDE_TOKEN_FIELDS", false, false],
  ["csrfRotation", "JWT_CSRF_ROTATION", false, false],
  ["requirePreflight", "JWT_REQUIRE_PREFLIGHT", false, true],
  ["allowArgument", "JWT_ALLOW_ARGUMENT", false, false],
  ["argumentName", "JWT_ARGUMENT_NAME", "token", "token"],
  ["algorithm", "JWT_ALGORITHM", "HS256", "HS256"],
  ["secretKey", "JWT_SECRET_KEY", undefined, undefined],
  ["secretKeyFallbacks", "JWT_SECRET_KEY_FALLBACKS", [], []],
  ["publicKey", "JWT_PUBLIC_KEY", undefined, undefined],
  ["privateKey", "JWT_PRIVATE_KEY", undefined, undefined],
  ["keySet", "JWT_KEY_SET", undefined, undefined],
  ["jwks", "JWT_JWKS", undefined, undefined],
  ["verify", "JWT_VERIFY", true, true],
];

describe("the defaults of the settings", () => {
  it("covers every setting, in the order of the class", () => {
    expect(SETTINGS.map(({ property }) => property)).to.deep.equal(TABLE.map(([property]) => property));
    expect(Object.keys(new JwtSettings())).to.have.members(TABLE.map(([property]) => property));
  });

  it("are valid by themselves", () => {
    expect(validateSync(new JwtSettings())).to.deep.equal([]);
  });

  for (const [property, environment, documented, hardened] of TABLE) {
    it(`${property} is ${environment} in the environment`, () => {
      expect(SETTINGS.find((setting) => setting.property === property)?.environment).to.equal(environment);
    });

    it(`${property} has its documented default`, async () => {
      expect(new JwtSettings()[property]).to.deep.equal(documented);
      const { settings, origins } = await createSettings({ values: { secretKey: SECRET } });
      if (property !== "secretKey") {
        expect(settings[property]).to.deep.equal(documented);
        expect(origins[property]).to.equal("default");
      }
    });

    it(`${property} has its hardened default`, async () => {
      const { settings, origins } = await createSettings({ values: { secretKey: SECRET }, defaultProfile: "hardened" });
      if (property !== "secretKey") {
        expect(settings[property]).to.deep.equal(hardened);
        const isSame = Object.is(documented, hardened) || Array.isArray(hardened) || property === "profile";
        expect(origins[property]).to.equal(isSame ? "default" : "profile");
      }
    });
  }

  it("has the application's SECRET_KEY as the default of secretKey, in both profiles", async () => {
    for (const defaultProfile of ["documented", "hardened"] as const) {
      const { settings, origins } = await createSettings({ secretKey: SECRET, defaultProfile });
      expect(settings.secretKey?.export()).to.deep.equal(Buffer.from(SECRET));
      expect(origins.secretKey).to.equal("default");
    }
  });
});
