import { expect } from "chai";
import { createServer, type JanusServer } from "../../src/server/index.js";
import { PasswordHasher } from "../../src/users/password-hasher.js";
import { KeptConnection } from "../fuzz/kept-connection.js";
import { graphqlRequest, postRequest } from "../support/raw-http.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { PASSWORD } from "../support/test-context.js";
import { measureInTurn, quickOf } from "../support/timing.js";

/** How a login can fail. Whatever else it can fail for, and must not be told by, is a row here. */
const LOGINS = {
  "a wrong password": { username: "alice", password: "wrong" },
  "an unknown user": { username: "nobody", password: PASSWORD },
  "an unknown user, wrong password": { username: "nobody", password: "wrong" },
  "an inactive user": { username: "gone", password: PASSWORD },
  "an inactive user, wrong password": { username: "gone", password: "wrong" },
} as const;
const BASELINE = "a wrong password";

type Name = keyof typeof LOGINS;
type Login = (typeof LOGINS)[Name];

/** Most that an outcome may differ from the baseline by, as a part of one hash. A hash that is left out is a whole one. */
const BOUND = 0.1;
const ROUNDS = 30;
/** A busy machine may need more rounds: so often the same number again is added before it counts as a difference. */
const MEASUREMENTS = 8;

/** A mistake to be found: it has nothing to hash for a user who does not exist. */
class HastyHasher extends PasswordHasher {
  override async verify(passwordHash: string | null, password: string): Promise<boolean> {
    return passwordHash !== null && super.verify(passwordHash, password);
  }
}

const NAMES = Object.keys(LOGINS) as Name[];

function perName<Value>(make: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as Record<Name, Value>;
}

/** Milliseconds of one hash, as the server computes it. */
async function hashTime(): Promise<number> {
  const hasher = new PasswordHasher();
  const passwordHash = await hasher.hash(PASSWORD);
  const durations: { hash: number[] } = { hash: [] };
  await measureInTurn({ hash: () => hasher.verify(passwordHash, "wrong") }, ROUNDS, durations);
  return quickOf(durations.hash);
}

describe("the time that a failed login takes", function () {
  this.timeout(180_000);
  const directory = temporaryDirectory();
  let server: JanusServer;
  afterEach(() => server.close());

  /** With the costs that operators have: what is measured here is what a client sees. */
  async function start(hasher: PasswordHasher): Promise<void> {
    server = await createServer({
      environment: { JANUS_DATA_DIR: directory.path(), PORT: "0", LOG_LEVEL: "silent" },
      hasher,
    });
    const { users } = server.application;
    for (const username of ["alice", "gone"]) {
      const newUser = { username, password: PASSWORD, isActive: username === "alice" };
      await users.create(newUser, new Date()).catch(() => {}); // The next server finds them.
    }
  }

  const REQUESTS = {
    tRPC: (login: Login) => postRequest("/trpc/auth.tokenAuth", JSON.stringify(login)),
    GraphQL: (login: Login) =>
      graphqlRequest(
        "mutation($username:String!,$password:String!){tokenAuth(username:$username,password:$password){token}}",
        login,
      ),
  };

  /** What differs between the outcomes, as parts of one hash. */
  async function effects(
    toRequest: (login: Login) => string,
    isDone: (effects: ReadonlyMap<string, number>) => boolean,
  ): Promise<ReadonlyMap<string, number>> {
    const connection = new KeptConnection(server.url);
    const durations = perName<number[]>(() => []);
    const things = perName((name) => async () => {
      const { body } = await connection.ask(toRequest(LOGINS[name]));
      if (!body.includes("INVALID_CREDENTIALS")) throw new Error(body);
    });
    await measureInTurn(things, 5, structuredClone(durations)); // Nothing is compiled, and no connection open, before.
    const hash = await hashTime();
    let found: ReadonlyMap<string, number> = new Map();
    for (let measurement = 0; measurement < MEASUREMENTS && (measurement === 0 || !isDone(found)); measurement += 1) {
      await measureInTurn(things, ROUNDS, durations);
      const baseline = quickOf(durations[BASELINE]);
      found = new Map(NAMES.map((name) => [name, (quickOf(durations[name]) - baseline) / hash]));
    }
    connection.close();
    console.log(`      one hash: ${hash.toFixed(2)} ms`);
    for (const name of NAMES) {
      const part = `${(100 * (found.get(name) ?? 0)).toFixed(1)}% of a hash from the baseline`;
      console.log(
        `      ${name}: ${quickOf(durations[name]).toFixed(2)} ms (${durations[name].length} times), ${part}`,
      );
    }
    return found;
  }

  const isWithinNoise = (effect: number): boolean => Math.abs(effect) < BOUND;

  for (const [face, toRequest] of Object.entries(REQUESTS)) {
    it(`tells nothing of why, over ${face}`, async () => {
      await start(new PasswordHasher());
      const found = await effects(toRequest, (all) => [...all.values()].every(isWithinNoise));
      for (const [name, effect] of found) expect(isWithinNoise(effect), `${name}: ${effect}`).to.equal(true);
    });
  }

  it("would tell of a user who does not exist, if no hash were computed for them", async () => {
    await start(new HastyHasher());
    const found = await effects(REQUESTS.tRPC, () => true);
    expect(found.get("an unknown user")).to.be.below(-5 * BOUND);
    expect(found.get("an unknown user, wrong password")).to.be.below(-5 * BOUND);
  });
});
