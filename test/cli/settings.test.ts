import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { SETTINGS } from "../../src/settings/settings-list.js";
import { importString } from "../settings-over-the-wire/handlers.js";
import { PAIRS } from "../settings/sample-keys.js";
import { janusAuth, janusAuthHere } from "../support/command-line.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const SECRETS = {
  SECRET_KEY: `geheim${"k".repeat(64)}`,
  JWT_SECRET_KEY_FALLBACKS: `versteckt${"k".repeat(64)}`,
  JWT_PRIVATE_KEY: PAIRS.ed25519.privatePem,
};
const ENVIRONMENT = {
  ...SECRETS,
  JWT_ALGORITHM: "EdDSA",
  JWT_EXPIRATION_DELTA: "10 minutes",
  JWT_AUDIENCE: "web,mobile",
  JWT_PAYLOAD_HANDLER: importString("payload"),
};

/** The line of a setting, in its cells. */
function cellsOf(stdout: string, setting: string): string[] | undefined {
  const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
  return lines.find(([name]) => name === setting);
}

describe("janus-auth settings", () => {
  it("prints every setting once, in the order of the README", async () => {
    const { code, stdout, stderr } = await janusAuthHere(["settings"], { environment: ENVIRONMENT });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const [header, ...lines] = stdout.trimEnd().split("\n");
    expect(header?.split(/ {2,}/)).to.deep.equal(["Setting", "Value", "From"]);
    expect(lines.map((line) => line.split(" ")[0])).to.deep.equal(SETTINGS.map(({ property }) => property));
  });

  for (const [setting, value, from] of [
    ["issuer", "none", "default"],
    ["profile", "hardened", "default"],
    ["refreshGracePeriod", "10 s", "profile hardened"],
    ["expirationDelta", "600 s", "JWT_EXPIRATION_DELTA"],
    ["audience", "web, mobile", "JWT_AUDIENCE"],
    ["payloadHandler", "payload", "JWT_PAYLOAD_HANDLER"],
    ["encodeHandler", "jose signer", "default"],
    ["secretKey", "set", "default"],
    ["secretKeyFallbacks", "set", "JWT_SECRET_KEY_FALLBACKS"],
    ["privateKey", "set", "JWT_PRIVATE_KEY"],
  ] as const) {
    it(`prints where ${setting} comes from`, async () => {
      const { stdout } = await janusAuthHere(["settings"], { environment: ENVIRONMENT });
      expect(cellsOf(stdout, setting)).to.deep.equal([setting, value, from]);
    });
  }

  it("prints the same as JSON, with values for programs", async () => {
    const { code, stdout, stderr } = await janusAuthHere(["settings", "--json"], { environment: ENVIRONMENT });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const { settings, warnings } = JSON.parse(stdout) as { settings: { setting: string }[]; warnings: string[] };
    expect(settings.map(({ setting }) => setting)).to.deep.equal(SETTINGS.map(({ property }) => property));
    expect(settings.find(({ setting }) => setting === "expirationDelta")).to.deep.equal({
      setting: "expirationDelta",
      environment: "JWT_EXPIRATION_DELTA",
      value: 600,
      text: "600 s",
      origin: "environment",
    });
    expect(warnings).to.deep.equal([]);
  });

  it("prints no secret", async () => {
    for (const args of [["settings"], ["settings", "--json"]]) {
      const { stdout, stderr } = await janusAuthHere(args, { environment: ENVIRONMENT });
      for (const secret of ["geheim", "versteckt", "PRIVATE KEY", ...SECRETS.JWT_PRIVATE_KEY.split("\n").slice(1, 2)]) {
        expect(stdout + stderr).not.to.include(secret);
      }
    }
  });

  it("tells the warnings beside it", async () => {
    const environment = { SECRET_KEY: "short", JWT_PROFILE: "documented" };
    const warnings = [
      "verifyExpiration is false: expired tokens are accepted",
      "SECRET_KEY has 5 bytes: a secret needs 32 or more",
    ];
    const { stderr } = await janusAuthHere(["settings"], { environment });
    expect(stderr).to.equal(warnings.map((warning) => `janus-auth: warning: ${warning}\n`).join(""));
    const { stdout } = await janusAuthHere(["settings", "--json"], { environment });
    expect((JSON.parse(stdout) as { warnings: unknown }).warnings).to.deep.equal(warnings);
  });

  describe("without a database and a key", () => {
    const directory = temporaryDirectory();

    it("prints them all the same, and makes nothing", async () => {
      const dataDirectory = join(directory.path(), "data");
      const environment = { JANUS_DATA_DIR: dataDirectory, DATABASE_URL: "mysql://nobody@no..where/none" };
      const { code, stdout, stderr } = await janusAuth(["settings"], { environment });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      expect(cellsOf(stdout, "secretKey")).to.deep.equal(["secretKey", "set", "default"]);
      expect(existsSync(dataDirectory)).to.equal(false);
    });
  });

  it("refuses wrong settings as the server does, all at once", async () => {
    const environment = { JWT_USERNAME_FIELD: "login", JWT_LEEWAY: "-1", JWT_ISUER: "x" };
    expect(await janusAuthHere(["settings"], { environment })).to.deep.equal({
      code: 78,
      stdout: "",
      stderr: [
        "janus-auth: JWT_ISUER is not a setting, did you mean JWT_ISSUER?",
        'janus-auth: JWT_LEEWAY must be a duration such as 300 (seconds), "5m", "7 days" or "PT5M", but is a string of 2 characters',
        "janus-auth: JWT_USERNAME_FIELD must be username or email: this server's users have no login",
        "",
      ].join("\n"),
    });
  });
});
