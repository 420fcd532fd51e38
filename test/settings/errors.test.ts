import { expect } from "chai";
import * as fc from "fast-check";

import { createSettings, type ResolvedSettings } from "../../src/settings/create-settings.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";
import { SettingsError } from "../../src/settings/settings-error.js";
import { SETTINGS } from "../../src/settings/settings-list.js";
import { problemsOf, SECRET } from "./problems-of.js";

const ALGORITHMS = "HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA";
const DURATION = 'a duration such as 300 (seconds), "5m", "7 days" or "PT5M"';
const IMPORT = "or in the environment an import string such as ./handlers.js#name";
const CLAIM = "must be letters, digits and underscores, and none of exp, iat, nbf, origIat, aud, iss, jti, sid";
const KEY = "must be a PEM, a JWK, the base64 of either or of 32 Ed25519 bytes, or file: and a path";
const SECRETS = "must be text, base64: and the base64 of bytes, an oct JWK, or file: and a path";
const N_BYTES = "must be a whole number from 16 to 1024";
const RESPONSE = `must be jsonResponseHandler, httpResponseHandler or a function, ${IMPORT}`;

describe("a setting in the environment that is wrong", () => {
  for (const [name, text, problem] of [
    ["JWT_PROFILE", "strict", "must be one of documented, hardened, but is a string of 6 characters"],
    ["JWT_ALGORITHM", "none", `must be one of ${ALGORITHMS}, but is a string of 4 characters`],
    ["JWT_ALGORITHM", "hs256", `must be one of ${ALGORITHMS}, but is a string of 5 characters`],
    ["JWT_AUDIENCE", "", "must be text or a list of texts, but is an empty string"],
    ["JWT_AUDIENCE", "web,,app", "must be text or a list of texts, but is a list of 3"],
    ["JWT_ISSUER", "", "must be text, but is an empty string"],
    ["JWT_LEEWAY", "-3", `must be ${DURATION}, but is a string of 2 characters`],
    ["JWT_LEEWAY", "none", `must be ${DURATION}, but is none`],
    ["JWT_SECRET_KEY", "", "must not be empty"],
    ["JWT_SECRET_KEY_FALLBACKS", "", "must not be empty"],
    ["JWT_SECRET_KEY_FALLBACKS", "one,,two", "must not be empty"],
    ["JWT_SECRET_KEY_FALLBACKS", "[1234567]", `${SECRETS}, but is a list of 1`],
    ["JWT_PUBLIC_KEY", "not a key", `${KEY}, but is a string of 9 characters`],
    ["JWT_PRIVATE_KEY", "not a key", `${KEY}, but is a string of 9 characters`],
    ["JWT_VERIFY", "maybe", "must be true or false, but is a string of 5 characters"],
    ["JWT_VERIFY", "", "must be true or false, but is an empty string"],
    ["JWT_ENCODE_HANDLER", "encode", `must be a function, ${IMPORT}, but is a string of 6 characters`],
    ["JWT_DECODE_HANDLER", "./handlers.js", `must be a function, ${IMPORT}, but is a string of 13 characters`],
    ["JWT_PAYLOAD_HANDLER", "package#name", `must be a function, ${IMPORT}, but is a string of 12 characters`],
    ["JWT_PAYLOAD_GET_USERNAME_HANDLER", "", `must be a function, ${IMPORT}, but is an empty string`],
    ["JWT_GET_USER_BY_NATURAL_KEY_HANDLER", "x", `must be a function, ${IMPORT}, but is a string of 1 character`],
    ["JWT_USERNAME_FIELD", "", `${CLAIM}, but is an empty string`],
    ["JWT_USERNAME_FIELD", "__proto__", `${CLAIM}, but is a string of 9 characters`],
    ["JWT_USERNAME_FIELD", "jti", `${CLAIM}, but is a string of 3 characters`],
    ["JWT_VERIFY_EXPIRATION", "2", "must be true or false, but is a string of 1 character"],
    ["JWT_VERIFY_SESSION", "constructor", "must be true or false, but is a string of 11 characters"],
    ["JWT_EXPIRATION_DELTA", "five minutes", `must be ${DURATION}, and not 0, but is a string of 12 characters`],
    ["JWT_EXPIRATION_DELTA", "0", `must be ${DURATION}, and not 0, but is a number, 0`],
    ["JWT_ALLOW_REFRESH", "y", "must be true or false, but is a string of 1 character"],
    ["JWT_REFRESH_EXPIRATION_DELTA", "P1M", `must be ${DURATION}, and not 0, but is a string of 3 characters`],
    ["JWT_REFRESH_ABSOLUTE_LIFETIME", "0 s", `must be none or ${DURATION}, and not 0, but is a number, 0`],
    ["JWT_LONG_RUNNING_REFRESH_TOKEN", "t", "must be true or false, but is a string of 1 character"],
    ["JWT_REFRESH_TOKEN_MODEL", "RefreshToken", `must be a class, ${IMPORT}, but is a string of 12 characters`],
    ["JWT_REFRESH_TOKEN_N_BYTES", "15", `${N_BYTES}, but is a number, 15`],
    ["JWT_REFRESH_TOKEN_N_BYTES", "1025", `${N_BYTES}, but is a number, 1025`],
    ["JWT_REFRESH_TOKEN_N_BYTES", "20.5", `${N_BYTES}, but is a string of 4 characters`],
    ["JWT_REUSE_REFRESH_TOKENS", "n", "must be true or false, but is a string of 1 character"],
    ["JWT_REFRESH_GRACE_PERIOD", "soon", `must be ${DURATION}, but is a string of 4 characters`],
    ["JWT_REFRESH_EXPIRED_HANDLER", "f", `must be a function, ${IMPORT}, but is a string of 1 character`],
    ["JWT_GET_REFRESH_TOKEN_HANDLER", "f", `must be a function, ${IMPORT}, but is a string of 1 character`],
    ["JWT_AUTH_HEADER_NAME", "", "must be the name of an HTTP header, but is an empty string"],
    ["JWT_AUTH_HEADER_NAME", "X Token", "must be the name of an HTTP header, but is a string of 7 characters"],
    ["JWT_AUTH_HEADER_PREFIX", "", "must be one word or a list of words, but is a list of 1"],
    ["JWT_AUTH_HEADER_PREFIX", "JWT,a b", "must be one word or a list of words, but is a list of 2"],
    ["JWT_AUTHENTICATE_INTROSPECTION", "-", "must be true or false, but is a string of 1 character"],
    ["JWT_UNAUTHORIZED_RESPONSE_HANDLER", "json", `${RESPONSE}, but is a string of 4 characters`],
  ] as const) {
    it(`${name}=${text} is refused`, async () => {
      expect(await problemsOf({ environment: { [name]: text } })).to.deep.equal([`${name} ${problem}`]);
    });
  }
});

describe("a setting in code that is wrong", () => {
  for (const [property, value, problem] of [
    ["profile", "toString", "must be one of documented, hardened, but is a string of 8 characters"],
    ["algorithm", "none", `must be one of ${ALGORITHMS}, but is a string of 4 characters`],
    ["audience", [], "must be text or a list of texts, but is an empty list"],
    ["audience", ["web", 1], "must be text or a list of texts, but is a list of 2"],
    ["issuer", 12, "must be text, but is a number, 12"],
    ["leeway", -3, `must be ${DURATION}, but is a number, -3`],
    ["leeway", null, `must be ${DURATION}, but is null`],
    ["leeway", true, `must be ${DURATION}, but is a boolean, true`],
    ["secretKey", 1_234_567, `${SECRETS}, but is a number`],
    ["secretKey", ["a secret"], `${SECRETS}, but is a list of 1`],
    ["secretKeyFallbacks", null, `${SECRETS}, but is null`],
    ["secretKeyFallbacks", ["fallback", 42], `${SECRETS}, but is a list of 2`],
    ["publicKey", 1_234_567, `${KEY}, but is a number`],
    ["privateKey", true, `${KEY}, but is a boolean, true`],
    ["verify", "true", "must be true or false, but is a string of 4 characters"],
    ["encodeHandler", "./handlers.js#encode", `must be a function, ${IMPORT}, but is a string of 20 characters`],
    ["decodeHandler", {}, `must be a function, ${IMPORT}, but is an object`],
    ["usernameField", "user name", `${CLAIM}, but is a string of 9 characters`],
    ["expirationDelta", 0.5, `must be ${DURATION}, and not 0, but is a number, 0.5`],
    ["refreshAbsoluteLifetime", 0, `must be none or ${DURATION}, and not 0, but is a number, 0`],
    ["refreshTokenModel", () => ({}), `must be a class, ${IMPORT}, but is a function`],
    ["refreshTokenNBytes", 20.5, `${N_BYTES}, but is a number, 20.5`],
    ["refreshTokenNBytes", "many", `${N_BYTES}, but is a string of 4 characters`],
    ["authHeaderName", 1, "must be the name of an HTTP header, but is a number, 1"],
    ["authHeaderPrefix", [], "must be one word or a list of words, but is an empty list"],
    ["authHeaderPrefix", [1], "must be one word or a list of words, but is a list of 1"],
    ["unauthorizedResponseHandler", "json", `${RESPONSE}, but is a string of 4 characters`],
    ["issuer", Symbol("issuer"), "must be text, but is a symbol"],
  ] as const) {
    it(`${property}: ${typeof value === "string" ? value : typeof value} (${problem.split("but is ")[1]})`, async () => {
      const values = { [property]: value } as JwtSettingsInput;
      expect(await problemsOf({ values })).to.deep.equal([`${property} ${problem}`]);
    });
  }
});

describe("a limit", () => {
  const ONE = "must be a whole number, and not 0";
  const ATTEMPTS = "must be none or a whole number from 1 to 1000000";
  const LIFETIME = `must be ${DURATION}, and not 0`;
  for (const [property, problem, refused, accepted] of [
    ["queryDepthLimit", ONE, [0, -1, 1.5], 1],
    ["queryAliasLimit", ONE, [0, -1, 1.5], 1],
    ["queryComplexityLimit", ONE, [0, -1, 1.5], 1],
    ["queryTokenLimit", "must be a whole number from 1 to 10000", [0, -1, 1.5, 10_001], 10_000],
    ["queryBatchLimit", "must be a whole number, 0 for no batches", [-1, 1.5], 0],
    ["connectionsPerUser", ATTEMPTS, [0, -1, 1.5, 1_000_001], 1],
    ["loginLimitPerAddress", ATTEMPTS, [0, -1, 1.5, 1_000_001], 1],
    ["loginLimitPerNameAndAddress", ATTEMPTS, [0, -1, 1.5, 1_000_001], 1],
    ["loginLimitPerName", ATTEMPTS, [0, -1, 1.5, 1_000_001], 1],
    ["loginLimitWindow", LIFETIME, [0, -1], 1],
    ["loginLimitNameWindow", LIFETIME, [0, -1], 1],
    ["loginLimitKnownAddress", LIFETIME.replace("must be", "must be none or"), [0, -1], 1],
  ] as const) {
    it(`${property} has no other values than it says`, async () => {
      for (const value of refused) {
        const expected = [`${property} ${problem}, but is a number, ${value}`];
        expect(await problemsOf({ values: { [property]: value } })).to.deep.equal(expected);
      }
      const { settings } = await createSettings({ values: { [property]: accepted }, secretKey: SECRET });
      expect(settings[property]).to.equal(accepted);
    });
  }
});

describe("a name that is no setting", () => {
  for (const [name, nearest] of [
    ["JWT_VERFY", "JWT_VERIFY"],
    ["JWT_SECRETKEY", "JWT_SECRET_KEY"],
    ["JWT_REFRESH_TOKEN_NBYTES", "JWT_REFRESH_TOKEN_N_BYTES"],
    ["JWT_VERIFY_EXPIRY", "JWT_VERIFY_EXPIRATION"],
    ["JWT_", "JWT_JWKS"],
  ] as const) {
    it(`${name} is refused with ${nearest}`, async () => {
      const problems = await problemsOf({ environment: { [name]: "x", PATH: "/bin", jwt_verfy: "x" } });
      expect(problems).to.deep.equal([`${name} is not a setting, did you mean ${nearest}?`]);
    });
  }

  for (const [name, nearest] of [
    ["verfiyExpiration", "verifyExpiration"],
    ["JWT_ISSUER", "issuer"],
    ["issuer_", "issuer"],
  ] as const) {
    it(`${name} is refused with ${nearest}`, async () => {
      const values = { [name]: "x" } as JwtSettingsInput;
      expect(await problemsOf({ values })).to.deep.equal([`${name} is not a setting, did you mean ${nearest}?`]);
    });
  }
});

describe("SettingsError", () => {
  it("has all problems at once: names, then single settings in their order, then contradictions", async () => {
    const error: unknown = await createSettings({
      environment: { JWT_LEWAY: "1", JWT_REFRESH_TOKEN_N_BYTES: "8", JWT_VERIFY: "false", JWT_LEEWAY: "x" },
      values: { issuer: "", expirationDelta: "9 days" },
      secretKey: "",
      nodeEnv: "production",
    }).catch((reason: unknown) => reason);
    if (!(error instanceof SettingsError)) expect.fail("not refused");
    expect(error.name).to.equal("SettingsError");
    expect(error.problems).to.deep.equal([
      { setting: "JWT_LEWAY", problem: "is not a setting, did you mean JWT_LEEWAY?" },
      { setting: "issuer", problem: "must be text, but is an empty string" },
      { setting: "JWT_LEEWAY", problem: `must be ${DURATION}, but is a string of 1 character` },
      { setting: "JWT_REFRESH_TOKEN_N_BYTES", problem: `${N_BYTES}, but is a number, 8` },
      { setting: "SECRET_KEY", problem: "must not be empty" },
      { setting: "refreshExpirationDelta", problem: "must not be shorter than expirationDelta, 9 days" },
      { setting: "JWT_VERIFY", problem: "must not be false where NODE_ENV is production: anyone can forge a token" },
    ]);
    const lines = error.problems.map(({ setting, problem }) => `${setting} ${problem}`);
    expect(error.message).to.equal(["The settings are not valid:", ...lines].join("\n"));
  });

  it("blames code where code and environment give the same setting", async () => {
    const problems = await problemsOf({ environment: { JWT_ISSUER: "" }, values: { issuer: "" } });
    expect(problems).to.deep.equal(["issuer must be text, but is an empty string"]);
  });

  it("does not mind what code overrides", async () => {
    const { settings } = await createSettings({
      environment: { JWT_ISSUER: "", JWT_PUBLIC_KEY: "rubbish" },
      values: { issuer: "janus", publicKey: null },
      secretKey: SECRET,
    });
    expect(settings).to.include({ issuer: "janus", publicKey: undefined });
  });

  it("never shows a value that was given in the environment", async () => {
    const secrets = fc.string({ minLength: 12 }).map((text) => `hunter2${text}`);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SETTINGS), secrets, async ({ environment }, secret) => {
        const sources = { environment: { [environment]: secret }, secretKey: SECRET, nodeEnv: "test" };
        const outcome = await createSettings(sources).catch((error: unknown) => error);
        const told = outcome instanceof SettingsError ? [outcome.message] : (outcome as ResolvedSettings).warnings;
        expect(told.join("\n")).not.to.include("hunter2");
      }),
    );
  });
});
