import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { JanusServer } from "../../src/server/index.js";
import { User } from "../../src/users/user.js";
import { forge, SECRET_KEY } from "../support/forge.js";
import { openSession } from "../support/open-session.js";
import { graphqlRequest, postRequest, type RawAnswer, request, sendRaw } from "../support/raw-http.js";
import { withServer } from "../support/running-server.js";
import { Secrets } from "../support/secrets.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { TestClock } from "../support/test-clock.js";

const HANDLERS = fileURLToPath(new URL("./broken-handlers.js", import.meta.url));
const PASSWORD = "kOrrekt-Pferd-Batterie";
const WRONG_PASSWORD = "fAlsch-Pferd-Batterie";
const MUTATIONS = [
  "verifyToken(token:$t){payload}",
  "refreshToken(%:$t){token}",
  "revokeToken(refreshToken:$t){revoked}",
];

interface Line {
  readonly level: number;
  readonly reqId?: string;
  readonly msg: string;
  readonly status?: number;
}

describe("the log, at its most talkative", () => {
  const directory = temporaryDirectory();
  const clock = new TestClock();
  let secrets: Secrets;
  let lines: string[];
  let answers: RawAnswer[];
  let server: JanusServer;

  /** Runs a server for `use`, and then looks at everything that it wrote. */
  async function logOf(environment: Record<string, string>, use: () => Promise<void>): Promise<Line[]> {
    [secrets, lines, answers] = [new Secrets(), [], []];
    secrets.add(PASSWORD, WRONG_PASSWORD, SECRET_KEY);
    const options = {
      environment: { JANUS_DATA_DIR: directory.path(), SECRET_KEY, LOG_LEVEL: "trace", ...environment },
      clock,
      logStream: { write: (line: string) => void lines.push(line) },
    };
    await withServer(options, async (running) => {
      server = running;
      await makeUsers();
      await use();
    });
    expect(secrets.leaksIn(lines)).to.deep.equal([]);
    for (const line of lines) expect(line).to.match(/^\{.+\}\n$/);
    return lines.map((line) => JSON.parse(line) as Line);
  }

  async function makeUsers(): Promise<void> {
    const { users, dataSource } = server.application;
    for (const username of ["alice", "bob"]) {
      const newUser = { username, password: PASSWORD, isActive: username === "alice" };
      await users.create(newUser, clock.now()).catch(() => {}); // The next run finds them.
    }
    for (const { passwordHash } of await dataSource.getRepository(User).find()) {
      secrets.add(passwordHash, ...passwordHash.split("$").slice(-2));
    }
  }

  async function send(...requests: string[]): Promise<void> {
    for (const bytes of requests) answers.push(...(await sendRaw(server.url, bytes)));
  }

  async function login(): Promise<{ token: string; refreshToken: string }> {
    await send(postRequest("/trpc/auth.tokenAuth", JSON.stringify({ username: "alice", password: PASSWORD })));
    const { token, refreshToken = "" } = JSON.parse(answers.at(-1)?.body ?? "").result.data;
    for (const secret of [token, refreshToken]) secrets.addToken(secret);
    return { token, refreshToken };
  }

  /** Every operation with these tokens, over both faces, however it ends. */
  async function operate({ token, refreshToken }: { token: string; refreshToken: string }): Promise<void> {
    const headers = { Authorization: `JWT ${token}` };
    const query = `mutation($t:String!){${MUTATIONS.join(" ").replace("%", refreshToken === "" ? "token" : "refreshToken")}}`;
    await send(
      request("GET", "/graphql?query={me{id}}", headers),
      request("GET", "/trpc/auth.me", headers),
      postRequest("/trpc/auth.verifyToken", JSON.stringify({ token }), headers),
      graphqlRequest("query($t:String){me(token:$t){id}}", { t: token }),
      request("GET", `/trpc/auth.sessions?input=${encodeURIComponent(JSON.stringify({ token }))}`),
      graphqlRequest(query, { t: token }),
      graphqlRequest(query, { t: refreshToken }),
    );
    for (const name of ["verifyToken", "refreshToken", "revokeToken"]) {
      const inputs = [{ token }, { refreshToken }, { token, refreshToken }].map((input) => JSON.stringify(input));
      await send(...inputs.map((input) => postRequest(`/trpc/auth.${name}`, input)));
      for (const answer of answers) keepTokens(answer);
    }
  }

  /** What the server handed out is a secret as well. */
  function keepTokens({ body, headers }: RawAnswer): void {
    const found = `${body} ${headers["set-cookie"] ?? ""}`.match(/\beyJ[\w-]+\.[\w-]+\.[\w-]+|[\w-]{70,}/g) ?? [];
    for (const token of found) secrets.addToken(token);
  }

  /** Tokens and passwords in every place of a request that somebody may put them in. */
  async function misplace(token: string): Promise<void> {
    const elsewhere = [
      "Cookie",
      "User-Agent",
      "Referer",
      "X-Request-Id",
      "Request-Id",
      "Accept",
      "Content-Type",
      "trpc-accept",
    ];
    await send(
      ...elsewhere.map((name) => request("GET", "/graphql?query={__typename}", { [name]: `JWT=${token}` })),
      ...[
        "/",
        "/reset/",
        "/trpc/",
        "/graphql/",
        "/%zz",
        "//",
        "/graphql?token=",
        "/trpc/auth.me?connectionParams=",
        "/x?",
      ].map((path) => request("GET", `${path}${token}`)),
      request("GET", `/graphql?query=mutation{verifyToken(token:"${token}"){payload}}`),
      request("GET", `/graphql?query={${token.replaceAll(/\W/g, "_")}}`),
      request("GET", `/trpc/auth.tokenAuth?input={"password":"${WRONG_PASSWORD}"}`),
      request("GET", `/healthz?${token}`, { Authorization: `JWT ${token}\x01` }),
      request("GET", "/healthz", { Authorization: `JWT ${token}${"a".repeat(20_000)}` }),
      request("GET", "/healthz", { Authorization: `JWT ${token}x` }),
      request(token, "/healthz"),
      request("GET", `http://alice:${PASSWORD}@janus.test/healthz`),
      graphqlRequest(`{ me(${token.replaceAll(/\W/g, "_")}: 1) { id } }`),
      graphqlRequest("query ($t: Int) { me { id } }", { t: token }),
      postRequest("/graphql", token),
      postRequest("/graphql", `{"query":"{__typename}","operationName":"${token}"}`),
      postRequest("/trpc/auth.tokenAuth", PASSWORD),
      postRequest("/trpc/auth.tokenAuth", `{"${PASSWORD}":1}`),
      postRequest("/trpc/auth.tokenAuth", JSON.stringify({ username: "alice", password: { is: PASSWORD } })),
    );
  }

  async function failToLogIn(): Promise<void> {
    for (const [username, password] of [
      ["alice", WRONG_PASSWORD],
      ["bob", PASSWORD],
      ["nobody", PASSWORD],
      ['a\n{"level":60}', PASSWORD],
      ["alice", PASSWORD.repeat(99)],
    ] as const) {
      const credentials = { username, password };
      await send(
        postRequest("/trpc/auth.tokenAuth", JSON.stringify(credentials)),
        graphqlRequest("mutation($u:String!,$p:String!){tokenAuth(username:$u,password:$p){token}}", {
          u: username,
          p: password,
        }),
      );
    }
  }

  /** The database refuses to be written to, and then lacks the tables. */
  async function failInTheDatabase(tokens: { token: string; refreshToken: string }): Promise<void> {
    const { dataSource } = server.application;
    await dataSource.query("PRAGMA query_only = ON");
    await operate(tokens);
    await failToLogIn();
    await dataSource.query("PRAGMA query_only = OFF");
    for (const table of ["janus_user", "refresh_token"]) {
      await dataSource.query(`ALTER TABLE ${table} RENAME TO away`);
      await operate(tokens);
      await failToLogIn();
      await dataSource.query(`ALTER TABLE away RENAME TO ${table}`);
    }
  }

  const profiles: Readonly<Record<string, Record<string, string>>> = {
    hardened: {},
    documented: { JWT_PROFILE: "documented" },
    "documented, with refresh tokens": { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" },
    "hardened, with cookies": { JWT_COOKIES: "true" },
    "hardened, with tokens as arguments": { JWT_ALLOW_ARGUMENT: "true" },
  };
  for (const [profile, environment] of Object.entries(profiles)) {
    it(`has no secret in it, one line a request, and the request's id in each: ${profile}`, async () => {
      const log = await logOf(environment, async () => {
        const tokens = await login();
        await operate(tokens);
        await operate(tokens); // Revoked and replaced ones now.
        await misplace((await login()).token);
        await misplace((await login()).refreshToken || (await login()).token);
        await failToLogIn();
        await failInTheDatabase(await login());
        clock.advance(3600);
        await operate(tokens);
      });
      expect(secrets.count).to.be.above(20);
      const ended = log.filter(({ msg }) => msg === "request" || msg === "a connection was refused");
      expect(ended.map(({ reqId }) => reqId)).to.have.members(answers.map(({ headers }) => headers["x-request-id"]));
      for (const { headers, status } of answers) {
        const line = ended.find(({ reqId }) => reqId === headers["x-request-id"]);
        if (line?.msg === "request") expect(line.status).to.equal(status);
      }
      expect(log.map(({ level }) => level)).to.include.members([30, 50]);
      expect(Math.max(...log.map(({ level }) => level))).to.equal(50); // A username tried to write one of 60.
    });
  }

  const handlers = [
    "decodeHandler",
    "encodeHandler",
    "payloadHandler",
    "payloadGetUsernameHandler",
    "getUserByNaturalKeyHandler",
    "refreshExpiredHandler",
    "getRefreshTokenHandler",
    "unauthorizedResponseHandler",
  ];
  for (const handler of handlers) {
    it(`has no secret that a ${handler} puts into its error`, async () => {
      const name = `JWT_${handler.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
      const environment = {
        JWT_PROFILE: "documented",
        JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
        [name]: `${HANDLERS}#throwsWhatItIsGiven`,
      };
      const log = await logOf(environment, async () => {
        const token = forge({ username: "alice", exp: 4e9, origIat: clock.now().getTime() / 1000 });
        const refreshToken = await openSession(server, "alice", clock.now());
        for (const secret of [token, refreshToken]) secrets.addToken(secret);
        await operate({ token, refreshToken });
        await operate({ token: `${token}x`, refreshToken });
        await failToLogIn();
        await send(postRequest("/trpc/auth.tokenAuth", JSON.stringify({ username: "alice", password: PASSWORD })));
      });
      expect(log.filter(({ level }) => level === 50)).not.to.deep.equal([]);
    });
  }

  it("would be found to have one", () => {
    const found = new Secrets();
    const token = forge({ username: "alice" });
    found.addToken(token);
    found.addToken("r".repeat(75));
    found.add(PASSWORD);
    const clean = ["{}\n", token.split(".")[0] ?? ""];
    const leaks = [token, token.slice(-20), token.split(".")[1] ?? "", "r".repeat(20), `"${PASSWORD}"`];
    expect(found.leaksIn([...clean, ...leaks])).to.deep.equal(leaks);
  });
});
