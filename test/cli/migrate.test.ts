import { expect } from "chai";
import { describeDatabase } from "../../src/database/data-source.js";
import { janusAuthHere } from "../support/command-line.js";
import { onEachDatabase } from "../support/databases.js";

onEachDatabase("janus-auth migrate", (createDatabase) => {
  it("says what it applied, and that there is nothing to do the second time", async () => {
    const url = await createDatabase();
    const environment = { DATABASE_URL: url, SECRET_KEY: "k".repeat(64) };
    expect(await janusAuthHere(["migrate"], { environment })).to.deep.equal({
      code: 0,
      stdout: [
        "Applied CreateRefreshToken1735689600000.",
        "Applied CreateUser1735689601000.",
        "Applied CreateLoginAttempt1735689602000.",
        "Applied ExactUserRights1735689603000.",
        `Done: ${describeDatabase(url)} is up to date.`,
        "",
      ].join("\n"),
      stderr: "",
    });
    expect(await janusAuthHere(["migrate"], { environment })).to.deep.equal({
      code: 0,
      stdout: `Nothing to do: ${describeDatabase(url)} is up to date.\n`,
      stderr: "",
    });
  });

  it("is what every other command asks for on a database that is not up to date", async () => {
    const environment = { DATABASE_URL: await createDatabase(), SECRET_KEY: "k".repeat(64) };
    const commands = [
      ["create-user", "alice", "--password-stdin"],
      ["set-password", "alice", "--password-stdin"],
      ["clear-tokens"],
    ];
    for (const args of commands) {
      expect(await janusAuthHere(args, { environment, input: "s3cret" })).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "janus-auth: the database is not up to date: run `janus-auth migrate` first\n",
      });
    }
  });

  it("warns of weak settings, and logs nothing else", async () => {
    const environment = { DATABASE_URL: await createDatabase(), SECRET_KEY: "short", JWT_PROFILE: "documented" };
    const { code, stderr } = await janusAuthHere(["migrate"], { environment });
    expect({ code, stderr: stderr.split("\n") }).to.deep.equal({
      code: 0,
      stderr: [
        "janus-auth: warning: verifyExpiration is false: expired tokens are accepted",
        "janus-auth: warning: SECRET_KEY has 5 bytes: a secret needs 32 or more",
        "",
      ],
    });
  });
});
