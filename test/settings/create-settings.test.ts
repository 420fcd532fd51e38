import { expect } from "chai";

import { createSettings } from "../../src/settings/create-settings.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";
import type { JwtSettings } from "../../src/settings/jwt-settings.js";
import { SECRET } from "./problems-of.js";
import { PAIRS } from "./sample-keys.js";

const DAY = 86_400;
const secretKey = SECRET;

describe("where a setting comes from", () => {
  const environment = { JWT_PROFILE: "hardened", JWT_REFRESH_GRACE_PERIOD: "20s", JWT_LEEWAY: "3" };

  for (const [title, sources, refreshGracePeriod, origin] of [
    ["the documented default", {}, 0, "default"],
    ["the profile, before it", { values: { profile: "hardened" } }, 10, "profile"],
    ["the profile of the caller", { defaultProfile: "hardened" }, 10, "profile"],
    ["the profile of the environment", { environment: { JWT_PROFILE: "hardened" } }, 10, "profile"],
    ["the environment, before that", { environment }, 20, "environment"],
    ["code, before all", { environment, values: { refreshGracePeriod: "30s" } }, 30, "code"],
    ["not from code that is undefined", { environment, values: { refreshGracePeriod: undefined } }, 20, "environment"],
  ] as const) {
    it(title, async () => {
      const { settings, origins } = await createSettings({ secretKey, ...sources });
      expect(settings.refreshGracePeriod).to.equal(refreshGracePeriod);
      expect(origins.refreshGracePeriod).to.equal(origin);
    });
  }

  it("says documented or hardened, whoever chose it", async () => {
    const chosen = async (sources: object) => (await createSettings({ secretKey, ...sources })).settings.profile;
    expect(await chosen({})).to.equal("documented");
    expect(await chosen({ defaultProfile: "hardened" })).to.equal("hardened");
    expect(await chosen({ defaultProfile: "hardened", environment: { JWT_PROFILE: "documented" } })).to.equal(
      "documented",
    );
    expect(await chosen({ environment: { JWT_PROFILE: "documented" }, values: { profile: "hardened" } })).to.equal(
      "hardened",
    );
  });

  it("an explicit setting wins over the profile although it is the documented default", async () => {
    const values = { profile: "hardened", verifyExpiration: false, refreshTokenNBytes: 20 } as const;
    const { settings } = await createSettings({ secretKey, values });
    expect(settings).to.include({ verifyExpiration: false, refreshTokenNBytes: 20, verifySession: true });
  });

  it("names the origin of every setting", async () => {
    const { settings, origins } = await createSettings({ secretKey, environment, values: { issuer: "janus" } });
    expect(Object.keys(origins)).to.have.members(Object.keys(settings));
    expect(origins).to.include({ issuer: "code", leeway: "environment", profile: "environment", verify: "default" });
    expect(origins).to.include({ secretKey: "default", verifyExpiration: "profile" });
  });

  it("takes the application's SECRET_KEY only where no secretKey is given", async () => {
    const bytes = async (sources: object) =>
      (await createSettings({ secretKey, ...sources })).settings.secretKey?.export().toString();
    expect(await bytes({})).to.equal(SECRET);
    expect(await bytes({ environment: { JWT_SECRET_KEY: "from the environment" } })).to.equal("from the environment");
    expect(await bytes({ values: { secretKey: "from code" } })).to.equal("from code");
    expect(await bytes({ secretKey: "", values: { secretKey: "from code" } })).to.equal("from code");
  });
});

describe("a setting in the environment", () => {
  for (const [property, name, text, expected] of [
    ["algorithm", "JWT_ALGORITHM", "HS384", "HS384"],
    ["audience", "JWT_AUDIENCE", "web", "web"],
    ["audience", "JWT_AUDIENCE", "web, mobile", ["web", "mobile"]],
    ["issuer", "JWT_ISSUER", "https://janus.example", "https://janus.example"],
    ["leeway", "JWT_LEEWAY", "PT5S", 5],
    ["verifyExpiration", "JWT_VERIFY_EXPIRATION", "true", true],
    ["verifyExpiration", "JWT_VERIFY_EXPIRATION", "True", true],
    ["verifyExpiration", "JWT_VERIFY_EXPIRATION", "1", true],
    ["verifyExpiration", "JWT_VERIFY_EXPIRATION", "yes", true],
    ["verifyExpiration", "JWT_VERIFY_EXPIRATION", "on", true],
    ["allowRefresh", "JWT_ALLOW_REFRESH", "false", false],
    ["allowRefresh", "JWT_ALLOW_REFRESH", "0", false],
    ["allowRefresh", "JWT_ALLOW_REFRESH", "no", false],
    ["allowRefresh", "JWT_ALLOW_REFRESH", "OFF", false],
    ["usernameField", "JWT_USERNAME_FIELD", "email", "email"],
    ["expirationDelta", "JWT_EXPIRATION_DELTA", "1h30m", 5400],
    ["refreshExpirationDelta", "JWT_REFRESH_EXPIRATION_DELTA", "P30D", 30 * DAY],
    ["refreshAbsoluteLifetime", "JWT_REFRESH_ABSOLUTE_LIFETIME", "365 days", 365 * DAY],
    ["refreshAbsoluteLifetime", "JWT_REFRESH_ABSOLUTE_LIFETIME", "none", undefined],
    ["refreshTokenNBytes", "JWT_REFRESH_TOKEN_N_BYTES", "16", 16],
    ["refreshTokenNBytes", "JWT_REFRESH_TOKEN_N_BYTES", "1024", 1024],
    ["authHeaderName", "JWT_AUTH_HEADER_NAME", "HTTP_X_TOKEN", "x-token"],
    ["authHeaderName", "JWT_AUTH_HEADER_NAME", "HTTP_AUTHORIZATION", "authorization"],
    ["authHeaderName", "JWT_AUTH_HEADER_NAME", "X-Token", "x-token"],
    ["authHeaderName", "JWT_AUTH_HEADER_NAME", "X_Token", "x_token"],
    ["authHeaderPrefix", "JWT_AUTH_HEADER_PREFIX", "Bearer", ["Bearer"]],
    ["authHeaderPrefix", "JWT_AUTH_HEADER_PREFIX", "JWT, Bearer", ["JWT", "Bearer"]],
    ["unauthorizedResponseHandler", "JWT_UNAUTHORIZED_RESPONSE_HANDLER", "httpResponseHandler", "httpResponseHandler"],
  ] as const) {
    it(`${name}=${text}`, async () => {
      const sources = { secretKey, environment: { [name]: text }, defaultProfile: "hardened" } as const;
      const { settings, origins } = await createSettings(sources);
      expect(settings[property]).to.deep.equal(expected);
      expect(origins[property]).to.equal("environment");
    });
  }

  for (const [text, secrets] of [
    ["older", ["older"]],
    ["older, oldest", ["older", "oldest"]],
    ['["old,er", {"kty": "oct", "k": "b2xkZXN0"}]', ["old,er", "oldest"]],
    ["[older,oldest]", ["[older", "oldest]"]],
  ] as const) {
    it(`JWT_SECRET_KEY_FALLBACKS=${text}`, async () => {
      const { settings } = await createSettings({ secretKey, environment: { JWT_SECRET_KEY_FALLBACKS: text } });
      expect(settings.secretKeyFallbacks.map((key) => key.export().toString())).to.deep.equal(secrets);
    });
  }

  it("is not looked for in other variables", async () => {
    const environment = { JANUS: "x", LEEWAY: "5", jwt_leeway: "5", JWTLEEWAY: "5", MY_JWT_LEEWAY: "5" };
    const { settings } = await createSettings({ secretKey, environment });
    expect(settings.leeway).to.equal(0);
  });
});

describe("a setting in code", () => {
  class Model {
    readonly id = 1;
  }
  const handler = () => "a value";

  for (const [values, expected] of [
    [{ audience: ["web", "mobile"] }, { audience: ["web", "mobile"] }],
    [{ audience: "a,b" }, { audience: "a,b" }],
    [{ expirationDelta: 60 }, { expirationDelta: 60 }],
    [{ expirationDelta: "5 minutes" }, { expirationDelta: 300 }],
    [{ refreshTokenNBytes: "64" }, { refreshTokenNBytes: 64 }],
    [{ refreshAbsoluteLifetime: null, profile: "hardened" }, { refreshAbsoluteLifetime: undefined }],
    [{ authHeaderName: "HTTP_X_TOKEN" }, { authHeaderName: "x-token" }],
    [{ authHeaderPrefix: "Bearer" }, { authHeaderPrefix: ["Bearer"] }],
    [{ authHeaderPrefix: ["JWT", "Bearer"] }, { authHeaderPrefix: ["JWT", "Bearer"] }],
    [{ encodeHandler: handler }, { encodeHandler: handler }],
    [{ refreshTokenModel: Model }, { refreshTokenModel: Model }],
    [{ unauthorizedResponseHandler: "httpResponseHandler" }, { unauthorizedResponseHandler: "httpResponseHandler" }],
    [
      { audience: null, encodeHandler: null },
      { audience: undefined, encodeHandler: undefined },
    ],
  ] as readonly (readonly [JwtSettingsInput, Partial<JwtSettings>])[]) {
    it(JSON.stringify(values), async () => {
      const { settings } = await createSettings({ secretKey, values });
      for (const [property, value] of Object.entries(expected)) {
        expect(settings[property as keyof JwtSettings]).to.deep.equal(value);
      }
    });
  }

  it("takes one fallback or several", async () => {
    for (const secretKeyFallbacks of ["older", ["older"], [{ kty: "oct", k: "b2xkZXI" }]]) {
      const { settings } = await createSettings({ secretKey, values: { secretKeyFallbacks } });
      expect(settings.secretKeyFallbacks.map((key) => key.export().toString())).to.deep.equal(["older"]);
    }
  });
});

describe("the settings", () => {
  it("are frozen, their lists too", async () => {
    const values = { audience: ["web", "mobile"], secretKeyFallbacks: ["older"] };
    const { settings } = await createSettings({ secretKey, values });
    expect(Object.isFrozen(settings)).to.equal(true);
    expect(Object.isFrozen(settings.audience)).to.equal(true);
    expect(Object.isFrozen(settings.secretKeyFallbacks)).to.equal(true);
    expect(Object.isFrozen(settings.authHeaderPrefix)).to.equal(true);
  });

  it("leave the caller's own lists and the defaults alone", async () => {
    const audience = ["web", "mobile"];
    const { settings } = await createSettings({ secretKey, values: { audience } });
    expect(Object.isFrozen(audience)).to.equal(false);
    audience.push("desktop");
    expect(settings.audience).to.deep.equal(["web", "mobile"]);
  });

  it("have the public key of a private key that is given alone", async () => {
    const { publicKey, privatePem } = PAIRS.p384;
    const environment = { JWT_ALGORITHM: "ES384", JWT_PRIVATE_KEY: privatePem };
    const { settings } = await createSettings({ environment });
    expect(settings.publicKey?.type).to.equal("public");
    expect(settings.publicKey?.equals(publicKey)).to.equal(true);
  });

  it("have no private key where only the public one is given", async () => {
    const environment = { JWT_ALGORITHM: "ES384", JWT_PUBLIC_KEY: PAIRS.p384.publicPem };
    const { settings } = await createSettings({ environment });
    expect(settings.privateKey).to.equal(undefined);
  });
});
