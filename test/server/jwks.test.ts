import { sign } from "node:crypto";
import { createServer as createHttpServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { JanusServer } from "../../src/server/index.js";
import { createServer } from "../../src/server/index.js";
import { PAIRS } from "../settings/sample-keys.js";
import { CountingHasher } from "../support/counting-hasher.js";
import { dataOf, type Face, graphqlFace, trpcFace, withToken } from "../support/faces.js";
import { encode, SECRET_KEY } from "../support/forge.js";
import { KEY_SET_SETTINGS, KeySet } from "../support/key-set.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { TestClock } from "../support/test-clock.js";
import { until } from "../support/until.js";

const PATH = "/.well-known/jwks.json";

/** Every member that a published key may have. */
const PUBLIC = ["alg", "crv", "e", "kid", "kty", "n", "use", "x", "y"];

interface Published {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

async function jwksOf(url: string): Promise<Published> {
  return (await (await fetch(url + PATH)).json()) as Published;
}

async function readiness({ url }: JanusServer): Promise<[number, unknown]> {
  const answer = await fetch(`${url}/readyz`);
  return [answer.status, ((await answer.json()) as { checks: unknown }).checks];
}

for (const [algorithm, pair] of [
  ["RS256", PAIRS.rsa],
  ["ES384", PAIRS.p384],
  ["EdDSA", PAIRS.ed25519],
] as const) {
  describe(`the JWKS of a server that signs with ${algorithm}`, () => {
    const context = testContext({ JWT_ALGORITHM: algorithm, JWT_PRIVATE_KEY: pair.privatePem });

    it("is what its tokens are verified with, by another library, and has nothing private", async () => {
      const answer = await fetch(context.url + PATH);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get("content-type")).to.equal("application/jwk-set+json");
      expect(answer.headers.get("cache-control")).to.equal("public, max-age=300");
      const jwks = (await answer.json()) as Published;
      expect(Object.keys(jwks)).to.deep.equal(["keys"]);
      for (const key of jwks.keys) {
        expect(PUBLIC).to.include.members(Object.keys(key));
        expect(key).to.include({ alg: algorithm, use: "sig" });
      }
      const { token, username } = await context.login();
      const options = { currentDate: context.clock.now() };
      const verified = await jwtVerify(token, createLocalJWKSet(jwks as never), options);
      expect(verified.payload["username"]).to.equal(username);
      expect(verified.protectedHeader.kid).to.equal(jwks.keys[0]?.["kid"]);
    });

    it("is answered with 304 to whoever has it", async () => {
      const etag = (await fetch(context.url + PATH)).headers.get("etag") ?? "";
      expect(etag).to.match(/^"[\w-]{43}"$/);
      for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const answer = await fetch(context.url + PATH, { headers: { "if-none-match": condition } });
        expect(answer.status, condition).to.equal(304);
        expect(await answer.text()).to.equal("");
        expect(answer.headers.get("etag")).to.equal(etag);
        expect(answer.headers.get("cache-control")).to.equal("public, max-age=300");
      }
      for (const condition of ['"other"', etag.slice(1, -1)]) {
        expect((await fetch(context.url + PATH, { headers: { "if-none-match": condition } })).status).to.equal(200);
      }
    });

    it("is only read", async () => {
      expect((await fetch(context.url + PATH, { method: "HEAD" })).status).to.equal(200);
      const refused = await fetch(context.url + PATH, { method: "POST" });
      expect([refused.status, refused.headers.get("allow")]).to.deep.equal([405, "GET, HEAD"]);
      expect(refused.headers.get("cache-control")).to.equal("no-store");
    });
  });
}

describe("the JWKS of a server with a secret", () => {
  const context = testContext();

  it("has no key", async () => {
    const answer = await fetch(context.url + PATH);
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.equal('{"keys":[]}');
  });
});

describe("a process that verifies with the keys of another", () => {
  const directory = temporaryDirectory();
  let clock: TestClock;
  let keySet: KeySet;
  let started: JanusServer[];
  let log: string[];
  let databaseUrl: string;
  let issuer: JanusServer;
  let databases = 0;

  async function start(environment: Record<string, string>): Promise<JanusServer> {
    const server = await createServer({
      environment: { PORT: "0", DATABASE_URL: databaseUrl, SECRET_KEY, ...KEY_SET_SETTINGS, ...environment },
      clock,
      hasher: new CountingHasher(),
      logStream: { write: (line) => void log.push(line) },
    });
    started.push(server);
    return server;
  }

  const faceOf = ({ url }: JanusServer, face: typeof trpcFace = trpcFace): Face =>
    face(() => ({ url, hasRefreshTokens: true, hidesTokens: false }));
  const login = async (): Promise<string> =>
    dataOf(await faceOf(issuer).tokenAuth({ username: "alice", password: PASSWORD })).token;
  const seen = async (server: JanusServer, token: string): Promise<unknown> => {
    const outcome = await faceOf(server).me(withToken(token));
    return "data" in outcome ? outcome.data?.username : `${outcome.status} ${outcome.code}`;
  };

  beforeEach(async () => {
    [clock, started, log] = [new TestClock(), [], []];
    keySet = new KeySet(clock);
    await keySet.rotate();
    databaseUrl = `sqlite:${join(directory.path(), `${(databases += 1)}.sqlite`)}`;
    issuer = await start({ JWT_KEY_SET: keySet.path });
    await issuer.application.users.create({ username: "alice", password: PASSWORD }, clock.now());
  });
  afterEach(async () => {
    for (const server of started) await server.close();
    keySet.remove();
  });

  it("verifies by the URL of a running server, before and after a rotation, and issues nothing", async () => {
    const verifier = await start({ JWT_JWKS: issuer.url + PATH });
    expect(await seen(verifier, await login())).to.equal("alice");
    for (const face of [graphqlFace, trpcFace]) {
      const refused = await faceOf(verifier, face).tokenAuth({ username: "alice", password: PASSWORD });
      expect(refused).to.include({ code: "ISSUING_NOT_ALLOWED", message: "Token issuing not supported" });
    }
    expect(log.join("")).to.include(
      "JWT_JWKS is given: tokens are verified with the keys of another process, and none are issued",
    );
    await keySet.rotate();
    clock.advance(10);
    const [kid, nextKid] = keySet.kids;
    expect((await jwksOf(issuer.url)).keys.map((key) => key["kid"])).to.deep.equal([kid, nextKid]);
    clock.advance(3600);
    expect(await seen(verifier, await login())).to.equal("alice");
    expect((await jwksOf(verifier.url)).keys.map((key) => key["kid"])).to.deep.equal([kid, nextKid]);
    clock.advance(360);
    expect((await jwksOf(issuer.url)).keys.map((key) => key["kid"])).to.deep.equal([nextKid]);
  });

  it("verifies by a file, read again when it changes", async () => {
    const file = join(keySet.directory, "jwks.json");
    writeFileSync(file, JSON.stringify(await jwksOf(issuer.url)));
    const verifier = await start({ JWT_JWKS: file });
    expect(await seen(verifier, await login())).to.equal("alice");
    await keySet.rotate(["--lead", "0"]);
    clock.advance(10);
    const token = await login();
    expect(await seen(verifier, token)).to.equal("401 INVALID_TOKEN");
    writeFileSync(file, JSON.stringify(await jwksOf(issuer.url)));
    clock.advance(1);
    expect(await seen(verifier, token)).to.equal("alice");
  });

  it("starts with no file that has a private key in it", async () => {
    const outcome: unknown = await start({ JWT_JWKS: keySet.path }).catch((error: unknown) => error);
    expect(String(outcome)).to.match(
      /JWT_JWKS has the key "[\w-]+" that has a private part, which must never be published/,
    );
    expect(String(outcome)).not.to.include(keySet.keys[0]?.d);
  });

  describe("by a URL whose server", () => {
    let origin: Server;
    let answer: { status: number; body: string };
    let asked: number;
    /** What an answer waits for. */
    let held: Promise<void>;

    beforeEach(async () => {
      asked = 0;
      held = Promise.resolve();
      answer = { status: 200, body: JSON.stringify(await jwksOf(issuer.url)) };
      origin = createHttpServer((_request, response) => {
        asked += 1;
        void held.then(() => response.writeHead(answer.status).end(answer.body));
      });
      await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    });
    afterEach(() => new Promise((resolve) => origin.close(resolve)));

    const originUrl = () => `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;

    it("is asked once for any number of made-up kids in half a minute", async () => {
      const verifier = await start({ JWT_JWKS: originUrl() });
      const token = await login();
      expect(await seen(verifier, token)).to.equal("alice");
      expect(asked).to.equal(1);
      const { header, payload } = { header: { alg: "EdDSA", typ: "at+jwt" }, payload: { username: "alice" } };
      const madeUp = (kid: unknown) => `${encode({ ...header, kid })}.${encode(payload)}.${"A".repeat(86)}`;
      for (let index = 0; index < 50; index += 1)
        expect(await seen(verifier, madeUp(`kid-${index}`))).to.equal("401 INVALID_TOKEN");
      expect(asked).to.equal(1);
      clock.advance(30);
      for (let index = 0; index < 50; index += 1) await seen(verifier, madeUp(`kid-${index}`));
      expect(asked).to.equal(2);
      for (const kid of [7, "k".repeat(200), "", null]) await seen(verifier, madeUp(kid));
      clock.advance(30);
      for (const kid of [7, "k".repeat(200), "", null])
        expect(await seen(verifier, madeUp(kid))).to.equal("401 INVALID_TOKEN");
      expect(asked).to.equal(2);
    });

    it("is away: 503 as long as there were no keys, the last ones for a day otherwise", async () => {
      const good = answer;
      answer = { status: 500, body: "" };
      const verifier = await start({ JWT_JWKS: originUrl(), JWT_EXPIRATION_DELTA: "2 days" });
      const token = await login();
      for (const face of [graphqlFace, trpcFace]) {
        expect(await faceOf(verifier, face).me(withToken(token))).to.include({
          code: "SERVICE_UNAVAILABLE",
          status: 503,
        });
      }
      expect((await fetch(verifier.url + PATH)).status).to.equal(503);
      const checks = { database: true, migrations: true };
      expect(await readiness(verifier)).to.deep.equal([503, { ...checks, keys: false }]);
      expect(asked).to.equal(1);
      answer = good;
      clock.advance(29);
      expect(await seen(verifier, token)).to.equal("503 SERVICE_UNAVAILABLE");
      clock.advance(1);
      expect(await seen(verifier, token)).to.equal("alice");
      expect(await readiness(verifier)).to.deep.equal([200, { ...checks, keys: true }]);

      const long = forgeFor(keySet, clock);
      answer = { status: 500, body: "" };
      clock.advance(86_399);
      expect(await seen(verifier, long)).to.equal("401 INVALID_TOKEN"); // No session: the signature was right.
      clock.advance(1);
      expect(await seen(verifier, long)).to.equal("503 SERVICE_UNAVAILABLE");
    });

    it("is slow the first time: of the requests that come meanwhile one asks, and all wait", async () => {
      let letGo = (): void => {};
      held = new Promise((resolve) => (letGo = resolve));
      const { service } = (await start({ JWT_JWKS: originUrl() })).application.auth;
      const token = await login();
      const identified = Promise.allSettled([service.identify(token), service.identify(token)]);
      await until(() => asked === 1);
      letGo();
      for (const result of await identified) expect(result).to.have.nested.property("value.user.username", "alice");
      expect(asked).to.equal(1);
    });

    for (const [what, status, body] of [
      ["a redirection", 302, ""],
      ["no JSON", 200, "<html>"],
      ["a secret key", 200, '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}'],
      ["too much", 200, `{"keys":[${" ".repeat(300_000)}]}`],
    ] as const) {
      it(`answers ${what}: the last good keys stay`, async () => {
        const verifier = await start({ JWT_JWKS: originUrl() });
        const token = await login();
        expect(await seen(verifier, token)).to.equal("alice");
        answer = { status, body };
        clock.advance(299);
        expect(await seen(verifier, token)).to.equal("alice");
        expect(asked).to.equal(1);
        clock.advance(1);
        const later = await login();
        expect(await seen(verifier, later)).to.equal("alice");
        expect(asked).to.equal(2);
        expect(log.filter((line) => line.includes("the keys cannot be read"))).to.have.length(1);
        expect(log.join("")).not.to.include("c2VjcmV0");
      });
    }
  });
});

/** A long-lived token with the key of the set and no session. */
function forgeFor(keySet: KeySet, clock: TestClock): string {
  const [jwk] = keySet.keys;
  if (!jwk) throw new Error("the set has a key");
  const payload = { username: "alice", exp: Math.floor(clock.now().getTime() / 1000) + 5 * 86_400 };
  const signed = `${encode({ alg: "EdDSA", typ: "at+jwt", kid: jwk.kid })}.${encode(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), { key: jwk, format: "jwk" }).toString("base64url")}`;
}
