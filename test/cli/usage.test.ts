import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { janusAuthHere } from "../support/command-line.js";

const COMMANDS = [
  "serve",
  "migrate",
  "create-user",
  "set-password",
  "clear-tokens",
  "generate-keys",
  "print-schema",
] as const;

describe("the command line", () => {
  it("prints the version of the package", async () => {
    const { version } = JSON.parse(await readFile("package.json", "utf8"));
    expect(await janusAuthHere(["--version"])).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  describe("--help", () => {
    it("lists every command with what it does, the environment and the exit codes", async () => {
      const { code, stdout, stderr } = await janusAuthHere(["--help"]);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      for (const command of COMMANDS) expect(stdout).to.match(new RegExp(`^  ${command} .*[a-z]`, "m"));
      for (const name of ["HOST", "PORT", "DATABASE_URL", "JANUS_DATA_DIR", "SECRET_KEY", "LOG_LEVEL", "JWT_PROFILE"]) {
        expect(stdout).to.contain(name);
      }
      for (const exitCode of [0, 1, 2, 69, 78])
        expect(stdout).to.match(new RegExp(`^  ${exitCode} +(done|it|the)`, "m"));
    });

    for (const command of COMMANDS) {
      it(`explains ${command}`, async () => {
        const { code, stdout, stderr } = await janusAuthHere([command, "--help"]);
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
        expect(stdout).to.match(new RegExp(`^Usage: janus-auth ${command}`));
      });
    }
  });

  it("explains itself where no command is given, and calls that wrong", async () => {
    const { code, stdout, stderr } = await janusAuthHere([]);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr).to.match(/^Usage: janus-auth \[options\] \[command\]\n/);
  });

  const wrong: [string[], string][] = [
    [["server"], "unknown command 'server' (Did you mean serve?)"],
    [["serve", "now"], "too many arguments for 'serve'. Expected 0 arguments but got 1."],
    [["migrate", "--force"], "unknown option '--force'"],
    [["create-user"], "missing required argument 'name'"],
    [["create-user", "--role", "editor", "alice"], "missing required argument 'name'"],
    [["create-user", "alice", "--emial", "a@example.com"], "unknown option '--emial' (Did you mean --email?)"],
    [["create-user", "alice", "--email"], "option '--email <address>' argument missing"],
    [["set-password"], "missing required argument 'name'"],
    [["clear-tokens", "--all"], "unknown option '--all'"],
    [["generate-keys"], "required option '--algorithm <name>' not specified"],
    [
      ["generate-keys", "--algorithm", "none"],
      "option '--algorithm <name>' argument 'none' is invalid. Allowed choices are HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA.",
    ],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(" ")}`, async () => {
      const stderr = `janus-auth: ${message}\n`;
      expect(await janusAuthHere(args)).to.deep.equal({ code: 2, stdout: "", stderr });
    });
  }
});
