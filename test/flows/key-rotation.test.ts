import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { createServer, type JanusServer } from "../../src/server/index.js";
import { PAIRS } from "../settings/sample-keys.js";
import { CountingHasher } from "../support/counting-hasher.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, type Face, graphqlFace, trpcFace, withToken } from "../support/faces.js";
import { decode, SECRET_KEY } from "../support/forge.js";
import { KEY_SET_SETTINGS, KeySet } from "../support/key-set.js";
import { PASSWORD } from "../support/test-context.js";
import { TestClock } from "../support/test-clock.js";

const HOUR = 3600;
/** The messages of both faces. */
const CODES: Readonly<Record<string, string>> = {
  "Invalid token": "INVALID_TOKEN",
  "Error decoding signature": "INVALID_TOKEN",
  "Token expired": "TOKEN_EXPIRED",
  "Signature has expired": "TOKEN_EXPIRED",
};
const kidOf = (token: string) => decode(token, "header")["kid"];

onEachDatabase("rotating the keys of two servers that share a file", (createDatabase) => {
  let clock: TestClock;
  let keySet: KeySet;
  let servers: JanusServer[];
  let faces: Face[];
  let log: string[];
  let databaseUrl: string;

  const start = (environment: Record<string, string>) =>
    createServer({
      environment: { PORT: "0", DATABASE_URL: databaseUrl, SECRET_KEY, ...environment },
      clock,
      hasher: new CountingHasher(),
      logStream: { write: (line) => void log.push(line) },
    });

  const facesOf = ({ url }: JanusServer) =>
    [graphqlFace, trpcFace].map((face) => face(() => ({ url, hasRefreshTokens: true, hidesTokens: false })));

  beforeEach(async () => {
    clock = new TestClock();
    keySet = new KeySet(clock);
    log = [];
    await keySet.rotate();
    databaseUrl = await createDatabase();
    const environment = { ...KEY_SET_SETTINGS, JWT_KEY_SET: keySet.path };
    servers = [await start(environment)];
    servers.push(await start(environment));
    faces = servers.flatMap(facesOf);
    await servers[0]?.application.users.create({ username: "alice", password: PASSWORD }, clock.now());
  });
  afterEach(async () => {
    for (const server of servers) await server.close();
    keySet.remove();
  });

  const login = async (face: Face) => dataOf(await face.tokenAuth({ username: "alice", password: PASSWORD }));

  /** Whom each server takes a token for, over each face. */
  async function seen(token: string): Promise<unknown[]> {
    const outcomes: unknown[] = [];
    // One after the other: of requests that come together, one waits for the file to be read.
    for (const face of faces) {
      const outcome = await face.me(withToken(token));
      outcomes.push("data" in outcome ? outcome.data?.username : (CODES[outcome.message] ?? outcome));
    }
    return outcomes;
  }
  const everywhere = (outcome: string) => faces.map(() => outcome);

  it("refuses no client at any point, and the old key once its last token is gone", async () => {
    const [oldKid = ""] = keySet.kids;
    const refreshTokens: string[] = [];
    const tokens: { token: string; until: number }[] = [];
    const use = async (seconds: number, kid: string) => {
      for (const [index, face] of faces.entries()) {
        const held = refreshTokens[index];
        const obtained =
          held === undefined ? await login(face) : dataOf(await face.refreshToken({ refreshToken: held }));
        refreshTokens[index] = obtained.refreshToken ?? "";
        expect(kidOf(obtained.token), `at ${seconds}`).to.equal(kid);
        tokens.push({ token: obtained.token, until: seconds + 300 });
      }
      for (const { token, until } of tokens) {
        const isGone = kidOf(token) === oldKid && seconds >= HOUR + 360;
        const outcome = seconds < until ? "alice" : isGone ? "INVALID_TOKEN" : "TOKEN_EXPIRED";
        expect(await seen(token), `at ${seconds}`).to.deep.equal(everywhere(outcome));
      }
    };

    await use(0, oldKid);
    await keySet.rotate();
    const [, newKid = ""] = keySet.kids;
    let last = 0;
    for (const seconds of [
      1,
      10,
      150,
      HOUR - 299,
      HOUR - 1,
      HOUR,
      HOUR + 1,
      HOUR + 298,
      HOUR + 301,
      HOUR + 360,
      HOUR + 361,
    ]) {
      clock.advance(seconds - last);
      last = seconds;
      await use(seconds, seconds < HOUR ? oldKid : newKid);
    }
    await keySet.rotate(["--lead", "1h"]);
    expect(keySet.kids).not.to.include(oldKid);
    clock.advance(10);
    await use(last + 10, newKid);
    expect(log.filter((line) => line.includes('"level":50'))).to.deep.equal([]);
  });

  it("refuses a token of the old key once the key is gone, however long the token were good", async () => {
    const [face] = faces as [Face];
    const environment = { ...KEY_SET_SETTINGS, JWT_EXPIRATION_DELTA: "6 days", JWT_KEY_SET: keySet.path };
    servers.push(await start(environment));
    const { token } = await login(facesOf(servers[2] as JanusServer)[0] as Face);
    expect(await face.me(withToken(token))).to.have.nested.property("data.username", "alice");
    await keySet.rotate(); // With the five minutes of the others.
    clock.advance(HOUR + 359);
    expect(await seen(token)).to.deep.equal(everywhere("alice"));
    clock.advance(1);
    expect(await seen(token)).to.deep.equal(everywhere("INVALID_TOKEN"));
  });

  it("goes on with the tokens of before there was a key set", async () => {
    const privateKey = PAIRS.ed25519.privatePem;
    const before = await start({ ...KEY_SET_SETTINGS, JWT_PRIVATE_KEY: privateKey });
    servers.push(before);
    const [beforeFace] = facesOf(before) as [Face];
    const { token } = await login(beforeFace);
    const adopted = new KeySet(clock);
    try {
      await adopted.rotate([], { ...KEY_SET_SETTINGS, JWT_PRIVATE_KEY: privateKey });
      const after = await start({ ...KEY_SET_SETTINGS, JWT_KEY_SET: adopted.path });
      servers.push(after);
      const [afterFace] = facesOf(after) as [Face];
      expect(await afterFace.me(withToken(token))).to.have.nested.property("data.username", "alice");
      const next = await login(afterFace);
      expect(await beforeFace.me(withToken(next.token))).to.have.nested.property("data.username", "alice");
    } finally {
      adopted.remove();
    }
  });

  it("keeps the last good keys while the file is broken, says so once, and shows nothing of it", async () => {
    const { token } = await login(faces[0] as Face);
    const secret = keySet.keys[0]?.d ?? "";
    const good = keySet.text;
    for (const broken of [
      good.slice(0, -20),
      "",
      '{"keys":[]}',
      `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"${secret}","d":"x"}]}`,
    ]) {
      writeFileSync(keySet.path, broken);
      log.length = 0;
      for (let times = 0; times < 3; times += 1) {
        clock.advance(11);
        expect(await seen(token)).to.deep.equal(everywhere("alice"));
        await login(faces[0] as Face);
      }
      const errors = log.filter((line) => line.includes('"level":50'));
      expect(errors.length, broken).to.be.within(1, servers.length);
      expect(errors[0]).to.include("the keys cannot be read, the last good ones stay");
      expect(log.join("")).not.to.include(secret);
      writeFileSync(keySet.path, good);
      clock.advance(11);
      expect(await seen(token)).to.deep.equal(everywhere("alice"));
      expect(log.join("")).to.include("the keys can be read again");
    }
  });

  it("refuses every token at once when the file is made anew, and no session", async () => {
    const { token, refreshToken } = await login(faces[0] as Face);
    writeFileSync(keySet.path, (await freshKeys()).text);
    clock.advance(10);
    expect(await seen(token)).to.deep.equal(everywhere("INVALID_TOKEN"));
    const refreshed = dataOf(await (faces[1] as Face).refreshToken({ refreshToken }));
    expect(await seen(refreshed.token)).to.deep.equal(everywhere("alice"));
  });

  async function freshKeys(): Promise<{ text: string }> {
    const other = new KeySet(clock);
    await other.rotate();
    const { text } = other;
    other.remove();
    return { text };
  }

  it("finds a key that another server signs with already, although the file was read a moment ago", async () => {
    await keySet.rotate(["--lead", "0"]);
    clock.advance(10);
    const { token } = await login(faces[0] as Face);
    expect(kidOf(token)).to.equal(keySet.kids[1]);
    expect(await seen(token)).to.deep.equal(everywhere("alice"));
  });
});
