import { expect } from "chai";
import { LoginAttempt } from "../../src/limits/login-attempt.js";
import { onEachDatabase } from "../support/databases.js";
import { refusal, withToken } from "../support/faces.js";
import { graphql, post } from "../support/http.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const WINDOW = 900;
const LIMITED = {
  code: "TOO_MANY_REQUESTS",
  message: "Too many attempts, please try again later",
  status: 429,
} as const;
const WRONG = ["INVALID_CREDENTIALS", "Please enter valid credentials"] as const;

onEachDatabase("limited logins", (createDatabase) => {
  const context = testContext({ JWT_QUERY_ALIAS_LIMIT: "100", JWT_QUERY_BATCH_LIMIT: "20" }, createDatabase);

  /** Logs in so often, one after the other. */
  async function guess(face: (typeof context.faces)[number], username: string, times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      expect(await face.tokenAuth({ username, password: `guess ${i}` })).to.deep.equal(refusal(face, ...WRONG));
    }
  }

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      for (const who of ["a user", "nobody"]) {
        it(`refuse ${who} after ten wrong passwords, the right one too and without a hash, until the window ends`, async () => {
          const { username: existing } = await context.createUser();
          const username = who === "a user" ? existing : `nobody over ${face.name}`;
          await guess(face, username, 10);
          context.forget();
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.deep.equal(LIMITED);
          expect(await face.tokenAuth({ username, password: "wrong" })).to.deep.equal(LIMITED);
          context.clock.advance(WINDOW - 1);
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.deep.equal(LIMITED);
          expect(context.hasher.runs).to.equal(0);
          context.clock.advance(1);
          const outcome = await face.tokenAuth({ username, password: PASSWORD });
          if (who === "a user") expect(outcome).to.have.property("data");
          else expect(outcome).to.deep.equal(refusal(face, ...WRONG));
        });
      }

      it("let through no more than ten of 40 that are made at once", async () => {
        const { username } = await context.createUser();
        const attempts = Array.from({ length: 40 }, () => face.tokenAuth({ username, password: "wrong" }));
        const codes = (await Promise.all(attempts)).map((outcome) => ("code" in outcome ? outcome.code : "data"));
        expect(codes.filter((code) => code === "INVALID_CREDENTIALS")).to.have.length(10);
        expect(codes.filter((code) => code === "TOO_MANY_REQUESTS")).to.have.length(30);
        expect(context.hasher.runs).to.equal(10);
      });

      it("count every spelling of a name together, and names in other capitals apart", async () => {
        const { username } = await context.createUser({ username: `ada-${face.name}` });
        const fullWidth = username.replace("a", "\uff41"); // NFKC makes it the same.
        await guess(face, fullWidth, 5);
        await guess(face, username, 5);
        for (const name of [username, fullWidth]) {
          expect(await face.tokenAuth({ username: name, password: PASSWORD })).to.deep.equal(LIMITED);
        }
        await guess(face, username.toUpperCase(), 1);
      });

      it("are forgotten by a login, so that nobody is locked out who mistypes now and then", async () => {
        const { username } = await context.createUser();
        for (let round = 0; round < 3; round++) {
          await guess(face, username, 9);
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
        }
        for (let i = 0; i < 12; i++) {
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
        }
      });

      it("count the current password of setPassword too, together with logins", async () => {
        const { username, token } = await context.login();
        const set = (currentPassword: string) =>
          face.setPassword({ currentPassword, newPassword: "another long password" }, withToken(token));
        await guess(face, username, 4);
        for (let i = 0; i < 6; i++) expect(await set(`guess ${i}`)).to.deep.equal(refusal(face, ...WRONG));
        context.forget();
        expect(await set(PASSWORD)).to.deep.equal(LIMITED);
        expect(await face.tokenAuth({ username, password: PASSWORD })).to.deep.equal(LIMITED);
        expect(context.hasher.runs).to.equal(0);
        expect(context.events.map(({ name }) => name)).to.deep.equal(["loginLimited", "loginLimited"]);
        context.clock.advance(WINDOW);
        expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
      });

      it("are told of by an event and a line of the log, which has no name of a login", async () => {
        const typed = `my-Passw0rd-${face.name}`;
        await guess(face, typed, 10);
        context.forget();
        await face.tokenAuth({ username: typed, password: "wrong" });
        expect(context.events).to.have.length(1);
        expect(context.events[0]).to.deep.include({
          name: "loginLimited",
          user: typed,
          known: false,
          limit: "nameAndAddress",
          retryAfter: WINDOW,
        });
        const [line] = context.log.filter(({ msg }) => msg === "auth event");
        expect(line).to.include({ level: 40, event: "loginLimited", user: null, limit: "nameAndAddress" });
        expect(line).to.include({ retryAfter: WINDOW, address: "127.0.0.1" });
        expect(JSON.stringify(context.log)).to.not.include("my-Passw0rd");
      });
    });
  }

  it("count each of 100 aliases of one query, and answer 429 with Retry-After", async () => {
    const { username } = await context.createUser();
    context.clock.advance(0.5);
    const login = (n: number, password: string) =>
      `a${n}: tokenAuth(username: "${username}", password: "${password}") { token }`;
    const aliases = Array.from({ length: 100 }, (_, n) => login(n, n === 99 ? PASSWORD : "wrong"));
    const answer = await graphql(`${context.url}/graphql`, `mutation { ${aliases.join(" ")} }`);
    expect([answer.status, answer.headers.get("retry-after")]).to.deep.equal([429, String(WINDOW)]);
    expect(context.hasher.runs).to.equal(10);
    const errors = answer.body.errors ?? [];
    expect(errors.map(({ extensions }) => extensions?.code)).to.deep.equal([
      ...Array.from({ length: 10 }, () => "INVALID_CREDENTIALS"),
      ...Array.from({ length: 90 }, () => "TOO_MANY_REQUESTS"),
    ]);
    expect(errors[99]).to.deep.include({
      message: "Too many attempts, please try again later",
      extensions: { code: "TOO_MANY_REQUESTS", retryAfter: WINDOW },
    });
  });

  it("answer 200 with the time beside the code where some fields have data", async () => {
    const { username } = await context.createUser();
    await guess(context.graphql, username, 10);
    const other = await context.createUser();
    const query = `mutation {
      a: tokenAuth(username: "${other.username}", password: "${PASSWORD}") { payload }
      b: tokenAuth(username: "${username}", password: "${PASSWORD}") { payload } }`;
    const { status, body } = await graphql(`${context.url}/graphql`, query);
    expect(status).to.equal(200);
    expect(body.data?.["a"]).to.have.nested.property("payload.username", other.username);
    expect(body.data?.["b"]).to.equal(null);
    expect(body.errors?.map(({ extensions }) => extensions)).to.deep.equal([
      { code: "TOO_MANY_REQUESTS", retryAfter: WINDOW },
    ]);
  });

  it("count each operation of an array, and each of its fields", async () => {
    const { username } = await context.createUser();
    const field = (alias: string) => `${alias}: tokenAuth(username: "${username}", password: "wrong") { token }`;
    const operation = { query: `mutation { ${field("a")} ${field("b")} }` };
    const { status, body } = await post(
      `${context.url}/graphql`,
      Array.from({ length: 20 }, () => operation),
    );
    const codes = (JSON.parse(body) as { errors: { extensions: { code: string } }[] }[]).flatMap(({ errors }) =>
      errors.map(({ extensions }) => extensions.code),
    );
    expect(status).to.equal(200);
    expect(codes.filter((code) => code === "INVALID_CREDENTIALS")).to.have.length(10);
    expect(codes.filter((code) => code === "TOO_MANY_REQUESTS")).to.have.length(30);
    expect(context.hasher.runs).to.equal(10);
  });

  it("count each call of a tRPC batch, with the time in each error and in the header", async () => {
    const { username } = await context.createUser();
    const calls = Array.from({ length: 50 }, (_, n) => [n, { username, password: "wrong" }] as const);
    const url = `${context.url}/trpc/${calls.map(() => "auth.tokenAuth").join(",")}?batch=1`;
    const answer = await post(url, Object.fromEntries(calls));
    expect([answer.status, answer.headers.get("retry-after")]).to.deep.equal([207, String(WINDOW)]);
    const errors = (JSON.parse(answer.body) as { error: object }[]).map(({ error }) => error);
    const data = { code: "TOO_MANY_REQUESTS", httpStatus: 429, path: "auth.tokenAuth", errorCode: "TOO_MANY_REQUESTS" };
    const limited = { code: -32029, message: LIMITED.message, data: { ...data, retryAfter: WINDOW } };
    expect(errors.filter((error) => JSON.stringify(error) === JSON.stringify(limited))).to.have.length(40);
    expect(context.hasher.runs).to.equal(10);
  });

  it("keep no name and no address in the database", async () => {
    await guess(context.trpc, "somebody-secret", 3);
    const rows = await context.server.application.dataSource.getRepository(LoginAttempt).find();
    expect(rows.length).to.be.greaterThan(1);
    for (const { keyHash } of rows) expect(keyHash).to.match(/^login:(pair|name|known):[\w-]{43}$/);
  });
});

describe("limited logins from one address", () => {
  const context = testContext({ JWT_LOGIN_LIMIT_PER_ADDRESS: "5" });

  for (const face of context.faces) {
    it(`are refused whatever the name, and one's own logins neither count nor make room, over ${face.name}`, async () => {
      context.clock.advance(2 * WINDOW * (1 + context.faces.indexOf(face)));
      const { username } = await context.createUser();
      for (let i = 0; i < 5; i++) {
        for (let again = 0; again < 3; again++) {
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
        }
        expect(await face.tokenAuth({ username: `name ${i}`, password: "p" })).to.deep.equal(refusal(face, ...WRONG));
      }
      context.forget();
      expect(await face.tokenAuth({ username: "another name", password: "p" })).to.deep.equal(LIMITED);
      expect(await face.tokenAuth({ username, password: PASSWORD })).to.deep.equal(LIMITED);
      expect(context.events.map((event) => (event as unknown as { limit: string }).limit)).to.deep.equal([
        "address",
        "address",
      ]);
      context.clock.advance(WINDOW);
      expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
    });
  }
});

describe("limited logins behind a proxy that is trusted", () => {
  const context = testContext({ TRUST_PROXY: "127.0.0.1", JWT_LOGIN_LIMIT_PER_ADDRESS: "12" });

  for (const face of context.faces) {
    it(`are counted by the client's address, over ${face.name}`, async () => {
      const { username } = await context.createUser();
      const network = face.api === "GraphQL" ? 1 : 2;
      const from = (host: number) => ({ "x-forwarded-for": `203.0.${network}.${host}` });
      for (let i = 0; i < 10; i++) await face.tokenAuth({ username, password: "wrong" }, from(1));
      expect(await face.tokenAuth({ username, password: PASSWORD }, from(1))).to.deep.equal(LIMITED);
      expect(await face.tokenAuth({ username, password: PASSWORD }, from(2))).to.have.property("data");
      await face.tokenAuth({ username: "another", password: "wrong" }, from(1));
      expect(await face.tokenAuth({ username: "a third", password: "wrong" }, from(1))).to.deep.equal(LIMITED);
      expect(await face.tokenAuth({ username: "a third", password: "wrong" }, from(2))).to.deep.equal(
        refusal(face, ...WRONG),
      );
    });
  }
});

describe("limited logins with the mutations of strawberry", () => {
  const context = testContext({ JWT_MUTATIONS: "strawberry" });

  it("are refused in the same way", async () => {
    const { username } = await context.createUser();
    const login = (password: string) =>
      graphql(
        `${context.url}/graphql`,
        `mutation { requestToken(username: "${username}", password: "${password}") { token } }`,
      );
    for (let i = 0; i < 10; i++)
      expect((await login("wrong")).body.errors?.[0]?.message).to.equal("Authentication failure");
    const { status, headers, body } = await login(PASSWORD);
    expect([status, headers.get("retry-after")]).to.deep.equal([429, "900"]);
    expect(body.errors?.[0]?.extensions).to.deep.equal({ code: "TOO_MANY_REQUESTS", retryAfter: WINDOW });
  });
});

describe("logins in the documented profile", () => {
  const context = testContext({ JWT_PROFILE: "documented" });

  it("are not limited", async () => {
    const { username } = await context.createUser();
    for (let i = 0; i < 120; i++) await context.trpc.tokenAuth({ username, password: "wrong" });
    expect(await context.trpc.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
  });
});
