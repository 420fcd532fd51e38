import { join, resolve } from "node:path";

import { expect } from "chai";

import { SettingsError } from "../../src/index.js";
import { PAIRS } from "../settings/sample-keys.js";
import { janusAuth, janusAuthHere } from "../support/command-line.js";
import { rejection } from "../support/rejection.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { withContext } from "./with-context.js";

type Environment = Readonly<Record<string, string>>;

const { rsa, rsa1024, p256, otherP256, ed25519 } = PAIRS;
const DURATION = 'must be a duration such as 300 (seconds), "5m", "7 days" or "PT5M"';
const IMPORT = "or in the environment an import string such as ./handlers.js#name";
const KEY = "must be a PEM, a JWK, the base64 of either or of 32 Ed25519 bytes, or file: and a path";
const NEEDS_KEY = "which needs privateKey or JWT_PRIVATE_KEY, or to verify only publicKey or JWT_PUBLIC_KEY";

const encrypted = String(
  p256.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "hunter2" }),
);
/** Both ends are there, and something is missing in between. */
const damaged = p256.privatePem.replace(/\n.{16}/, "\n");

const rsaKeys = (privateKey: string): Environment => ({ JWT_ALGORITHM: "RS256", JWT_PRIVATE_KEY: privateKey });
const ecKeys = (privateKey: string): Environment => ({ JWT_ALGORITHM: "ES256", JWT_PRIVATE_KEY: privateKey });

/** What is wrong, with what is told of it. */
const CASES: readonly (readonly [what: string, environment: Environment, ...problems: string[]])[] = [
  [
    "a key that does not fit the algorithm",
    rsaKeys(p256.privatePem),
    "JWT_PRIVATE_KEY is an EC key on the curve P-256, but RS256 needs an RSA key",
  ],
  [
    "a public key that does not fit the algorithm",
    { JWT_ALGORITHM: "EdDSA", JWT_PUBLIC_KEY: rsa.publicPem },
    "JWT_PUBLIC_KEY is an RSA key, but EdDSA needs an Ed25519 key",
  ],
  [
    "a key for an algorithm that takes a secret",
    { JWT_PRIVATE_KEY: rsa.privatePem },
    "JWT_PRIVATE_KEY is an RSA key, but HS256 needs a secret",
  ],
  ["a public key for a secret", { JWT_SECRET_KEY: rsa.publicPem }, "JWT_SECRET_KEY must be a secret, but is a PEM"],
  [
    "an RSA key that is too small",
    rsaKeys(rsa1024.privatePem),
    "JWT_PRIVATE_KEY is an RSA key of 1024 bits, but RS256 needs 2048 or more",
  ],
  [
    "a public key where a private one is needed",
    ecKeys(p256.publicPem),
    "JWT_PRIVATE_KEY must be a private key, but is a public key",
  ],
  [
    "a private key where a public one is needed",
    { JWT_ALGORITHM: "ES256", JWT_PUBLIC_KEY: p256.privatePem },
    "JWT_PUBLIC_KEY must be a public key, but is a private key",
  ],
  [
    "a truncated PEM",
    ecKeys(p256.privatePem.slice(0, 120)),
    "JWT_PRIVATE_KEY must be a whole PEM, but its -----END line is missing",
  ],
  ["a damaged PEM", ecKeys(damaged), "JWT_PRIVATE_KEY must be a PEM of a key, but its content cannot be read"],
  ["a PEM with a passphrase", ecKeys(encrypted), "JWT_PRIVATE_KEY must be a PEM without a passphrase"],
  ["a key that is none", ecKeys("hunter2"), `JWT_PRIVATE_KEY ${KEY}, but is a string of 7 characters`],
  [
    "a file that is missing",
    ecKeys("file:./nowhere.pem"),
    "JWT_PRIVATE_KEY names a file that does not exist: ./nowhere.pem",
  ],
  [
    "a key set that is missing",
    { JWT_ALGORITHM: "EdDSA", JWT_KEY_SET: "nowhere.json" },
    `JWT_KEY_SET names a file that does not exist: ${resolve("nowhere.json")}`,
  ],
  [
    "a model of another kind",
    {
      JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
      JWT_VERIFY_EXPIRATION: "true",
      JWT_REFRESH_TOKEN_MODEL: "./build/test/support/test-clock.js#TestClock",
    },
    "JWT_REFRESH_TOKEN_MODEL is the class TestClock, which does not extend RefreshToken",
  ],
  [
    "two keys that are no pair",
    { ...ecKeys(otherP256.privatePem), JWT_PUBLIC_KEY: p256.publicPem },
    "JWT_PRIVATE_KEY does not belong to JWT_PUBLIC_KEY",
  ],
  ["an asymmetric algorithm with only a secret", { JWT_ALGORITHM: "EdDSA" }, `JWT_ALGORITHM is EdDSA, ${NEEDS_KEY}`],
  [
    "refreshing that ends before the access token",
    { JWT_REFRESH_EXPIRATION_DELTA: "4m" },
    "JWT_REFRESH_EXPIRATION_DELTA must not be shorter than expirationDelta, 300 s",
  ],
  [
    "a grace period as long as refreshing",
    { JWT_REFRESH_GRACE_PERIOD: "7 days" },
    "JWT_REFRESH_GRACE_PERIOD must be shorter than refreshExpirationDelta, 7 days",
  ],
  [
    "sessions that are verified where there are none",
    { JWT_VERIFY_SESSION: "true" },
    "JWT_VERIFY_SESSION must be false where longRunningRefreshToken is false: there are no sessions then",
  ],
  [
    "a CSRF token that rotates without cookies",
    { JWT_CSRF_ROTATION: "true" },
    "JWT_CSRF_ROTATION must be false where cookies is false: it rotates a cookie",
  ],
  [
    "tokens that are hidden without cookies",
    { JWT_HIDE_TOKEN_FIELDS: "true" },
    "JWT_HIDE_TOKEN_FIELDS must be false where cookies is false: no client would ever receive a token",
  ],
  [
    "tokens that are hidden in a contract of nothing else",
    { JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true", JWT_MUTATIONS: "strawberry" },
    "JWT_HIDE_TOKEN_FIELDS must be false where JWT_MUTATIONS is strawberry: its answers are nothing but tokens",
  ],
  [
    "cookies for other sites that are not secure",
    { JWT_COOKIES: "true", JWT_COOKIE_SAME_SITE: "None" },
    "JWT_COOKIE_SAME_SITE must not be None where cookieSecure is false: browsers drop such a cookie",
  ],
  [
    "a misspelled name",
    { JWT_VERFIY_EXPIRATION: "true" },
    "JWT_VERFIY_EXPIRATION is not a setting, did you mean JWT_VERIFY_EXPIRATION?",
  ],
  [
    "a wrong type",
    { JWT_ALLOW_REFRESH: "maybe" },
    "JWT_ALLOW_REFRESH must be true or false, but is a string of 5 characters",
  ],
  [
    "a number out of range",
    { JWT_REFRESH_TOKEN_N_BYTES: "8" },
    "JWT_REFRESH_TOKEN_N_BYTES must be a whole number from 16 to 1024, but is a number, 8",
  ],
  ["a duration that is none", { JWT_LEEWAY: "soon" }, `JWT_LEEWAY ${DURATION}, but is a string of 4 characters`],
  [
    "a handler that is missing",
    { JWT_ENCODE_HANDLER: "./nowhere.js#encode" },
    "JWT_ENCODE_HANDLER names a module that does not exist: ./nowhere.js",
  ],
  [
    "a handler that is no import string",
    { JWT_DECODE_HANDLER: "decode" },
    `JWT_DECODE_HANDLER must be a function, ${IMPORT}, but is a string of 6 characters`,
  ],
  [
    "users that cannot be found",
    { JWT_USERNAME_FIELD: "login" },
    "JWT_USERNAME_FIELD must be username or email: this server's users have no login",
  ],
  [
    "signatures that are not verified in production",
    { JWT_VERIFY: "false", NODE_ENV: "production" },
    "JWT_VERIFY must not be false where NODE_ENV is production: anyone can forge a token",
  ],
  [
    "everything at once",
    {
      JWT_ALGORITHM: "ES256",
      JWT_PRIVATE_KEY: p256.privatePem.slice(0, 120),
      JWT_PUBLIC_KEY: ed25519.publicPem,
      JWT_SECRET_KEY_FALLBACKS: "hunter2,,hunter3",
      JWT_EXPIRATION_DELTA: "8 days",
      JWT_CSRF_ROTATION: "on",
      JWT_REFRESH_TOKEN_N_BYTES: "many",
      JWT_AUDIENCES: "web",
    },
    "JWT_AUDIENCES is not a setting, did you mean JWT_AUDIENCE?",
    "JWT_REFRESH_TOKEN_N_BYTES must be a whole number from 16 to 1024, but is a string of 4 characters",
    "JWT_SECRET_KEY_FALLBACKS must not be empty",
    "JWT_PRIVATE_KEY must be a whole PEM, but its -----END line is missing",
    "refreshExpirationDelta must not be shorter than JWT_EXPIRATION_DELTA, 8 days",
    "JWT_PUBLIC_KEY is an Ed25519 key, but ES256 needs an EC key on the curve P-256",
    "JWT_CSRF_ROTATION must be false where cookies is false: it rotates a cookie",
  ],
];

describe("a server with wrong settings", () => {
  const BASE = { SECRET_KEY: "k".repeat(64), DATABASE_URL: "sqlite::memory:", JWT_PROFILE: "documented" };

  /** What `createServer` rejects with, and what the command line says and exits with. */
  async function refusals(environment: Environment) {
    const error = await rejection(withContext({ environment }, async () => {}));
    const told = await janusAuthHere(["migrate"], { environment: { ...BASE, ...environment } });
    return { error, ...told };
  }

  for (const [what, environment, ...problems] of CASES) {
    it(`is refused: ${what}`, async () => {
      const { error, code, stdout, stderr } = await refusals(environment);
      expect(error).to.be.instanceOf(SettingsError);
      expect((error as SettingsError).message.split("\n").slice(1)).to.deep.equal(problems);
      expect({ code, stdout }).to.deep.equal({ code: 78, stdout: "" });
      expect(stderr.trimEnd().split("\n")).to.deep.equal(problems.map((problem) => `janus-auth: ${problem}`));
      for (const secret of ["hunter", "PRIVATE KEY", p256.privatePem.split("\n")[1] ?? "", BASE.SECRET_KEY]) {
        expect(stderr).not.to.include(secret);
      }
    });
  }

  describe("in files", () => {
    const { path, write } = temporaryDirectory();

    for (const [what, content, problem] of [
      ["an empty file", "", "names an empty file"],
      ["a file of one line feed", "\n", "names an empty file"],
      ["a file that is not text", Buffer.from([0xff, 0xfe, 0]), "names a file that is not text"],
    ] as const) {
      for (const setting of ["JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "JWT_SECRET_KEY"]) {
        it(`is refused: ${what} as ${setting}`, async () => {
          await write("key", content);
          const file = join(path(), "key");
          const { error, code, stderr } = await refusals({ JWT_ALGORITHM: "ES256", [setting]: `file:${file}` });
          expect((error as SettingsError).problems).to.deep.include({ setting, problem: `${problem}: ${file}` });
          expect(code).to.equal(78);
          expect(stderr).to.include(`janus-auth: ${setting} ${problem}: ${file}\n`);
        });
      }
    }
  });

  it("does not get as far as serving", async () => {
    const [, environment = {}, ...problems] = CASES.at(-1) ?? [];
    expect(await janusAuth(["serve"], { environment: { ...BASE, PORT: "0", ...environment } })).to.deep.equal({
      code: 78,
      stdout: "",
      stderr: problems.map((problem) => `janus-auth: ${problem}\n`).join(""),
    });
  });
});
