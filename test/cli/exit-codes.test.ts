import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { janusAuth } from "../support/command-line.js";
import { freePort } from "../support/free-port.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

describe("the exit code of a process", () => {
  const directory = temporaryDirectory();
  const dataDirectory = () => join(directory.path(), "data");

  it("is 0 when all went well", async () => {
    const { code, stdout, stderr } = await janusAuth(["migrate"], { environment: { JANUS_DATA_DIR: dataDirectory() } });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.contain("is up to date.");
  });

  it("is 1 for what cannot be done", async () => {
    const options = { environment: { JANUS_DATA_DIR: dataDirectory() } };
    await janusAuth(["migrate"], options);
    expect(await janusAuth(["set-password", "nobody", "--password-stdin"], { ...options, input: "x" })).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "janus-auth: there is no user nobody\n",
    });
  });

  it("is 2 for a wrong command line", async () => {
    expect(await janusAuth(["migrate", "--force"])).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "janus-auth: unknown option '--force'\n",
    });
  });

  it("is 69 when the database cannot be reached, and the password is not told", async () => {
    const port = await freePort();
    const environment = { SECRET_KEY: "k".repeat(64), DATABASE_URL: `mysql://janus:geheim@127.0.0.1:${port}/shop` };
    const message = `MySQL database shop on 127.0.0.1, port ${port} cannot be opened (ECONNREFUSED): is it running, and is the port right?`;
    for (const command of ["serve", "migrate"]) {
      expect(await janusAuth([command], { environment })).to.deep.equal({
        code: 69,
        stdout: "",
        stderr: `janus-auth: ${message}\n`,
      });
    }
  });

  it("is 78 for a wrong configuration: a line for each mistake, and nothing is made", async () => {
    const untouched = join(directory.path(), "untouched");
    const environment = { JANUS_DATA_DIR: untouched, SECRET_KEY: "k".repeat(64), DATABASE_URL: "sqlite::memory:" };
    const wrong = { JWT_ALGORITHM: "none", JWT_EXPIRATION_DETLA: "5m" };
    const { code, stdout, stderr } = await janusAuth(["migrate"], { environment: { ...environment, ...wrong } });
    expect({ code, stdout }).to.deep.equal({ code: 78, stdout: "" });
    expect(stderr.split("\n")).to.deep.equal([
      "janus-auth: JWT_EXPIRATION_DETLA is not a setting, did you mean JWT_EXPIRATION_DELTA?",
      "janus-auth: JWT_ALGORITHM must be one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, but is a string of 4 characters",
      "",
    ]);
    expect(existsSync(untouched)).to.equal(false);
  });

  it("is 78 for a DATABASE_URL that names no database", async () => {
    const environment = { SECRET_KEY: "k".repeat(64), DATABASE_URL: "postgres://janus:geheim@db/shop" };
    expect(await janusAuth(["migrate"], { environment })).to.deep.equal({
      code: 78,
      stdout: "",
      stderr:
        'janus-auth: DATABASE_URL: Unknown kind of database "postgres:": use sqlite:PATH, mysql://USER:PASSWORD@HOST:PORT/DATABASE or mariadb://USER:PASSWORD@HOST:PORT/DATABASE\n',
    });
  });
});
