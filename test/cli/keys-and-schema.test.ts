import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect } from "chai";
import { buildSchema } from "graphql";
import { createSettings } from "../../src/settings/create-settings.js";
import { AccessTokens } from "../../src/tokens/access-tokens.js";
import { janusAuth, janusAuthHere } from "../support/command-line.js";

describe("janus-auth generate-keys", () => {
  for (const algorithm of ["HS512", "RS256", "ES256", "EdDSA"]) {
    it(`prints an environment that signs and verifies with ${algorithm}`, async () => {
      const { code, stdout, stderr } = await janusAuthHere(["generate-keys", "--algorithm", algorithm]);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      const environment = parseEnv(stdout) as Record<string, string>;
      const secretKey = "k".repeat(64);
      const { settings, warnings } = await createSettings({ environment, secretKey, defaultProfile: "hardened" });
      expect(warnings).to.deep.equal([]);
      expect(settings.algorithm).to.equal(algorithm);
      const tokens = await AccessTokens.create(settings);
      const now = new Date();
      const call = { settings, now, request: undefined };
      const exp = Math.floor(now.getTime() / 1000) + 60;
      const token = await tokens.sign({ username: "alice", exp }, call);
      expect(await tokens.verify(token, call)).to.deep.include({ username: "alice", exp });
    });
  }
});

describe("janus-auth print-schema", () => {
  it("prints the schema of the settings", async () => {
    const environment = { SECRET_KEY: "k".repeat(64) };
    const { code, stdout, stderr } = await janusAuthHere(["print-schema"], { environment });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const fields = buildSchema(stdout).getMutationType()?.getFields() ?? {};
    expect(Object.keys(fields)).to.include.members(["tokenAuth", "verifyToken", "refreshToken", "revokeToken"]);
    expect(stdout).to.match(/type ObtainJSONWebToken \{[^}]* refreshToken: String!/);

    const single = { ...environment, JWT_LONG_RUNNING_REFRESH_TOKEN: "false", JWT_VERIFY_SESSION: "false" };
    const printed = await janusAuthHere(["print-schema"], { environment: single });
    expect(printed.stdout).to.match(/type ObtainJSONWebToken \{/);
    expect(printed.stdout).to.not.match(/type ObtainJSONWebToken \{[^}]* refreshToken: String!/);
  });

  it("needs no database and no key, and makes nothing", async () => {
    const directory = await mkdtemp(join(tmpdir(), "janus-schema-"));
    try {
      const dataDirectory = join(directory, "data");
      const environment = { JANUS_DATA_DIR: dataDirectory, DATABASE_URL: "mysql://nobody@no..where/none" };
      const { code, stdout, stderr } = await janusAuth(["print-schema"], { environment });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      expect(stdout).to.match(/^type Query \{/);
      expect(await readdir(directory)).to.deep.equal([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("refuses wrong settings as the server does", async () => {
    const environment = { JWT_USERNAME_FIELD: "login" };
    expect(await janusAuthHere(["print-schema"], { environment })).to.deep.equal({
      code: 78,
      stdout: "",
      stderr: "janus-auth: JWT_USERNAME_FIELD must be username or email: this server's users have no login\n",
    });
  });
});
