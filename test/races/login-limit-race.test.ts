import { expect } from "chai";
import { createUsers } from "../support/create-users.js";
import { onEachDatabase } from "../support/databases.js";
import { type Face, graphqlFace, trpcFace } from "../support/faces.js";
import { onRedis } from "../support/redis-server.js";
import { RestartableServer } from "../support/restartable-server.js";
import { SqliteDatabases } from "../support/sqlite-databases.js";
import { PASSWORD } from "../support/test-context.js";

const ATTEMPTS = 100;
/** Enough for all of them in the queue of password hashing: only the limits refuse. */
const LIMIT = 10;

/** Guesses at once, at two server processes and over both faces. */
async function race(environment: Readonly<Record<string, string>>): Promise<void> {
  const servers = [await RestartableServer.start(environment), await RestartableServer.start(environment)];
  try {
    await createUsers(environment["DATABASE_URL"] ?? "", ["alice"]);
    const faces = servers.flatMap(({ url }) => {
      const target = () => ({ url, hasRefreshTokens: true, hidesTokens: false });
      return [graphqlFace(target), trpcFace(target)];
    });
    for (const username of ["alice", "nobody"]) {
      const codes = await guessAtOnce(faces, username);
      const judged = codes.filter((code) => code === "INVALID_CREDENTIALS").length;
      const limited = codes.filter((code) => code === "TOO_MANY_REQUESTS").length;
      const busy = codes.filter((code) => code === "SERVICE_UNAVAILABLE").length;
      console.log(`      ${JSON.stringify({ username, judged, limited, busy })}`);
      // A process that is too busy to hear Redis counts by itself, and says so.
      const alone = servers.filter(({ output }) => output.includes("Redis does not answer")).length;
      // What ends with 503 may have taken the place of another; otherwise it is the limit, no more and no fewer.
      expect(judged).to.be.within(Math.max(0, LIMIT - busy), LIMIT * (1 + alone));
      expect(judged + limited + busy).to.equal(ATTEMPTS);
      expect(limited).to.be.above(0);
    }
    for (const face of faces) await expectLimitedInTheEnd(face);
  } finally {
    await Promise.all(servers.map((server) => server.remove()));
  }
}

/** What was answered with 503 has not been counted, so a few may be left. */
async function expectLimitedInTheEnd(face: Face): Promise<void> {
  for (let left = LIMIT; left > 0; left--) {
    const outcome = await face.tokenAuth({ username: "alice", password: "wrong" });
    if ("code" in outcome && outcome.code === "TOO_MANY_REQUESTS") break;
  }
  const outcome = await face.tokenAuth({ username: "alice", password: PASSWORD });
  expect(outcome).to.include({ code: "TOO_MANY_REQUESTS" });
}

async function guessAtOnce(faces: readonly Face[], username: string): Promise<string[]> {
  const each = ATTEMPTS / faces.length;
  const guesses = faces.flatMap((face) =>
    Array.from({ length: each }, (_, n) => face.tokenAuth({ username, password: `guess ${n}` })),
  );
  return (await Promise.all(guesses)).map((outcome) => ("code" in outcome ? outcome.code : ""));
}

onEachDatabase(`the race of ${ATTEMPTS} guesses, over two server processes`, (createDatabase) => {
  it(`lets no more than ${LIMIT} through`, async function () {
    this.timeout(60_000);
    await race({ DATABASE_URL: await createDatabase(), JWT_LOGIN_LIMIT_PER_ADDRESS: "none" });
  });
});

onRedis(`the race of ${ATTEMPTS} guesses, over two server processes with Redis`, (redis) => {
  const databases = new SqliteDatabases();
  before(() => databases.open());
  after(() => databases.close());

  it(`lets no more than ${LIMIT} through`, async function () {
    this.timeout(60_000);
    const REDIS_URL = redis().url;
    await race({ DATABASE_URL: await databases.create(), REDIS_URL, JWT_LOGIN_LIMIT_PER_ADDRESS: "none" });
    expect(await redis().keys()).to.not.deep.equal([]);
  });
});
