import { expect } from "chai";
import { createServer, type JanusServer } from "../../src/server/index.js";
import { PasswordHasher } from "../../src/users/password-hasher.js";
import { graphql } from "../support/http.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const LOGINS = 20;

describe("a storm of logins", () => {
  const directory = temporaryDirectory();
  let server: JanusServer;
  before(async () => {
    server = await createServer({
      environment: {
        JANUS_DATA_DIR: directory.path(),
        PORT: "0",
        LOG_LEVEL: "silent",
        JWT_LOGIN_LIMIT_PER_NAME_AND_ADDRESS: "none", // It would end the storm of one name before the queue does.
      },
      // Two are hashed at once and three wait: what is more than five at a time is too much here.
      hasher: new PasswordHasher({ memoryCost: 8, timeCost: 1 }, { concurrent: 2, waiting: 3 }),
    });
  });
  after(() => server.close());

  const ask = (query: string) => graphql(`${server.url}/graphql`, query);

  it("is hashed in turn, refused beyond a bound, and holds up nobody else", async () => {
    const aliases = Array.from(
      { length: LOGINS },
      (_, n) => `a${n}: tokenAuth(username: "u${n}", password: "p") { token }`,
    );
    const storm = aliases.map((alias) => ask(`mutation { ${alias} }`));
    expect((await ask("{ me { id } }")).body).to.deep.equal({ data: { me: null } });
    const codes = (await Promise.all(storm)).map(({ status, body }) => [status, body.errors?.[0]?.extensions?.code]);
    const refused = codes.filter(([, code]) => code === "SERVICE_UNAVAILABLE");
    const judged = codes.filter(([, code]) => code === "INVALID_CREDENTIALS");
    expect(refused.length + judged.length).to.equal(LOGINS);
    expect(judged.length).to.be.at.least(5);
    expect(refused.every(([status]) => status === 503)).to.equal(true);
  });

  it("does not get further with aliases in one request", async () => {
    const aliases = Array.from({ length: LOGINS }, (_, n) => `a${n}: refreshToken(refreshToken: "x") { token }`);
    expect((await ask(`mutation { ${aliases.join(" ")} }`)).body.errors).to.have.length(LOGINS);
    // Mutations of one request run one after the other (GraphQL, section 6.2.2): they take one place at a time.
    const logins = Array.from({ length: LOGINS }, (_, n) => `a${n}: tokenAuth(username: "u", password: "p") { token }`);
    const { body } = await ask(`mutation { ${logins.join(" ")} }`);
    expect(body.errors?.map(({ extensions }) => extensions?.code)).to.deep.equal(
      Array.from({ length: LOGINS }, () => "INVALID_CREDENTIALS"),
    );
  });

  it("is refused in a batch of tRPC beyond the same bound", async () => {
    const inputs = Object.fromEntries(
      Array.from({ length: LOGINS }, (_, n) => [n, { username: `u${n}`, password: "p" }]),
    );
    const path = Array.from({ length: LOGINS }, () => "auth.tokenAuth").join(",");
    const answer = await fetch(`${server.url}/trpc/${path}?batch=1`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(inputs),
    });
    const answers = (await answer.json()) as { error: { data: { errorCode: string } } }[];
    const codes = answers.map(({ error }) => error.data.errorCode);
    expect(codes.filter((code) => code === "SERVICE_UNAVAILABLE")).to.have.length(LOGINS - 5);
    expect(codes.filter((code) => code === "INVALID_CREDENTIALS")).to.have.length(5);
  });
});
