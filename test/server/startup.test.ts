import { execFile } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { startMessage } from "../../src/cli/start-message.js";
import { describeDatabase } from "../../src/database/data-source.js";
import { janusAuth } from "../support/command-line.js";
import { onEachDatabase } from "../support/databases.js";
import { withServer } from "../support/running-server.js";
import { ServerProcess } from "../support/server-process.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const run = promisify(execFile);

const SECRET_KEY = "k".repeat(64);
const FIRST_USER = /There was no user yet, so a superuser was created/;

describe("the first start", function () {
  const directory = temporaryDirectory();
  const dataDirectory = () => join(directory.path(), "data");
  const environment = () => ({ JANUS_DATA_DIR: dataDirectory() });
  let first: ServerProcess;
  before(async () => {
    first = await ServerProcess.start(environment());
  });
  after(() => first.kill());

  it("says in few lines where it is, on what, and how to log in", () => {
    const password = /Password {2}(\S+)/.exec(first.stdout)?.[1];
    const query = `mutation { tokenAuth(username: "admin", password: "${password}") { token refreshToken refreshExpiresIn } }`;
    expect(first.stdout.split("\n")).to.deep.equal([
      "Janus is ready. Ctrl+C stops it.",
      `  Page      ${first.url}/`,
      `  GraphQL   ${first.url}/graphql`,
      `  tRPC      ${first.url}/trpc`,
      `  Health    ${first.url}/healthz and ${first.url}/readyz`,
      `  Database  SQLite in ${join(dataDirectory(), "janus.sqlite")}`,
      "  Profile   hardened",
      "",
      "There was no user yet, so a superuser was created. The password is shown this once:",
      "  Username  admin",
      `  Password  ${password}`,
      "",
      "To log in:",
      `  curl ${first.url}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
      "",
    ]);
    expect(Buffer.from(password ?? "", "base64url")).to.have.lengthOf(18);
  });

  it("shows a command that logs in as it stands", async function () {
    if (!(await isInstalled("curl"))) this.skip();
    const [command = ""] = /(?<=To log in:\n +)curl .*/.exec(first.stdout) ?? [];
    const { stdout } = await run("sh", ["-c", command]);
    const { data } = JSON.parse(stdout);
    expect(data.tokenAuth.token).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(data.tokenAuth.refreshToken).to.match(/^[\w-]{40,}$/);
  });

  it("logs JSON to standard error, and the password nowhere", async () => {
    const second = await ServerProcess.start(environment());
    second.signal("SIGTERM");
    const { stdout, stderr, code } = await second.ended;
    expect({ code, isFirst: FIRST_USER.test(stdout), password: /password/i.test(stdout) }).to.deep.equal({
      code: 0,
      isFirst: false,
      password: false,
    });
    for (const line of stderr.trimEnd().split("\n")) expect(JSON.parse(line)).to.have.property("level");

    first.signal("SIGTERM");
    const ended = await first.ended;
    expect(ended.code).to.equal(0);
    const password = /Password {2}(\S+)/.exec(ended.stdout)?.[1] ?? "";
    expect(ended.stderr).to.contain("listening").and.not.contain(password);
  });
});

onEachDatabase("a start", (createDatabase) => {
  it("says what it works on, without the database's password, and what to be warned of", async () => {
    const url = await createDatabase();
    const environment = { SECRET_KEY, DATABASE_URL: url, JWT_PROFILE: "documented" };
    await withServer({ environment }, async (server) => {
      const lines = startMessage(server).split("\n");
      expect(lines.slice(5, 8)).to.deep.equal([
        `  Database  ${describeDatabase(url)}`,
        "  Profile   documented",
        "  Warning   verifyExpiration is false: expired tokens are accepted",
      ]);
      // In single-token mode there is no refresh token to ask for.
      const query = `mutation { tokenAuth(username: "admin", password: "${server.firstUser?.password}") { token refreshExpiresIn } }`;
      expect(lines.at(-2)).to.equal(
        `  curl ${server.url}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
      );
    });
    await withServer({ environment }, async (server) => {
      expect(startMessage(server)).to.not.match(FIRST_USER);
    });
  });

  it("makes a first user who can log in where that is done by e-mail address", async () => {
    const environment = { SECRET_KEY, DATABASE_URL: await createDatabase(), JWT_USERNAME_FIELD: "email" };
    await withServer({ environment }, async ({ firstUser, application }) => {
      expect(firstUser?.username).to.equal("admin@example.com");
      const credentials = { username: "admin@example.com", password: firstUser?.password ?? "" };
      const { user } = await application.auth.service.tokenAuth(credentials, { headers: {} });
      expect(user).to.deep.include({ email: "admin@example.com", isSuperuser: true });
    });
  });

  it("of two servers at once on an empty database prints one password", async function () {
    const environment = { SECRET_KEY, DATABASE_URL: await createDatabase() };
    const servers = await Promise.all([ServerProcess.start(environment), ServerProcess.start(environment)]);
    for (const server of servers) server.signal("SIGTERM");
    const ended = await Promise.all(servers.map((server) => server.ended));
    expect(ended.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(ended.filter(({ stdout }) => FIRST_USER.test(stdout))).to.have.lengthOf(1);
    await withServer({ environment }, async ({ application, firstUser }) => {
      expect(firstUser).to.equal(null);
      expect(await application.users.count()).to.equal(1);
    });
  });
});

describe("a start that fails", () => {
  const directory = temporaryDirectory();

  it("says that the port is taken, and leaves the first user to the next start", async function () {
    const other = createSocketServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const environment = { JANUS_DATA_DIR: join(directory.path(), "data"), LOG_LEVEL: "error" };
    try {
      expect(await janusAuth(["serve"], { environment: { ...environment, PORT: String(port) } })).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: `janus-auth: port ${port} on 127.0.0.1 is in use: stop the program that listens there, or set PORT to another one\n`,
      });
    } finally {
      other.close();
    }
    await withServer({ environment }, async ({ firstUser, migrations }) => {
      expect(migrations).to.deep.equal([]);
      expect(firstUser).to.have.property("username", "admin");
    });
  });

  it("says what is wrong with the data folder in one line", async () => {
    await directory.write("file", "");
    const dataDirectory = join(directory.path(), "file");
    expect(await janusAuth(["serve"], { environment: { JANUS_DATA_DIR: dataDirectory } })).to.deep.equal({
      code: 78,
      stdout: "",
      stderr: `janus-auth: JANUS_DATA_DIR names ${dataDirectory}, which cannot be used (EEXIST): it must be a folder that this user owns\n`,
    });
  });
});

describe("a server whose program has a mistake", () => {
  const directory = temporaryDirectory();

  for (const [what, statement] of [
    ["an error that nobody caught", `setImmediate(() => { throw new Error("boom") })`],
    ["a rejection that nobody handled", `void Promise.reject(new Error("boom"))`],
  ] as const) {
    it(`logs ${what}, and exits`, async () => {
      await directory.write("handler.mjs", `export const decode = () => { ${statement}; return null; };`);
      const server = await ServerProcess.start({
        JANUS_DATA_DIR: join(directory.path(), "data"),
        JWT_DECODE_HANDLER: `${join(directory.path(), "handler.mjs")}#decode`,
      });
      try {
        const request = { headers: { authorization: "JWT a.b.c" } };
        await fetch(`${server.url}/graphql`, request).catch(() => "the connection broke");
        const { code, stderr } = await server.ended;
        expect(code).to.equal(1);
        const log = stderr
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line));
        const fatal = log.find(({ level }) => level === 60);
        expect(fatal).to.have.property("msg", "an error that nobody caught");
        expect(fatal.err.message).to.equal("boom");
      } finally {
        await server.kill();
      }
    });
  }
});

async function isInstalled(program: string): Promise<boolean> {
  return run(program, ["--version"]).then(
    () => true,
    () => false,
  );
}
