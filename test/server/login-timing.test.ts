import { expect } from "chai";
import { createServer, type JanusServer } from "../../src/server/index.js";
import { PasswordHasher } from "../../src/users/password-hasher.js";
import { KeptConnection } from "../fuzz/kept-connection.js";
import { graphqlRequest, postRequest } from "../support/raw-http.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { PASSWORD } from "../support/test-context.js";
import { measureInRounds, type MedianInterval, medianInterval } from "../support/timing.js";

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

/**
 * Most that a login may differ from the baseline by, as a part of its time, nearly all of which is one hash. A hash that is
 * left out is ten times as much.
 */
const BOUND = 0.1;
const ROUNDS = 30;
/** On a busy machine so often the same number of rounds is added, until nothing seems to differ. */
const MEASUREMENTS = 4;

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

  /** By what part of the baseline's time each login differs from it, in the same round. */
  async function effects(toRequest: (login: Login) => string): Promise<Record<Name, MedianInterval>> {
    const connection = new KeptConnection(server.url);
    const durations = perName<number[]>(() => []);
    const things = perName((name) => async () => {
      const { body } = await connection.ask(toRequest(LOGINS[name]));
      if (!body.includes("INVALID_CREDENTIALS")) throw new Error(body);
    });
    await measureInRounds(things, 5, structuredClone(durations)); // Nothing is compiled, and no connection open, before.
    let found = perName<MedianInterval>(() => ({ low: -1, median: -1, high: 1 }));
    for (
      let measurement = 0;
      measurement < MEASUREMENTS && !NAMES.every((name) => seemsSame(found[name]));
      measurement += 1
    ) {
      await measureInRounds(things, ROUNDS, durations);
      const { median } = medianInterval(durations[BASELINE]);
      found = perName((name) =>
        medianInterval(
          durations[name].map((duration, round) => (duration - (durations[BASELINE][round] ?? 0)) / median),
        ),
      );
    }
    connection.close();
    for (const name of NAMES) console.log(`      ${name}: ${inWords(durations[name], found[name])}`);
    return found;
  }

  function inWords(durations: readonly number[], { low, median, high }: MedianInterval): string {
    const [from, middle, to] = [low, median, high].map((part) => (100 * part).toFixed(1));
    const time = medianInterval(durations).median.toFixed(2);
    return `${time} ms, ${middle}% from the baseline (99.9%: ${from}% to ${to}%; ${durations.length} rounds)`;
  }

  const seemsSame = ({ median }: MedianInterval): boolean => Math.abs(median) < BOUND;
  const isDifferent = ({ low, high }: MedianInterval): boolean => low > BOUND || high < -BOUND;

  for (const [face, toRequest] of Object.entries(REQUESTS)) {
    it(`tells nothing of why, over ${face}`, async () => {
      await start(new PasswordHasher());
      const found = await effects(toRequest);
      expect(NAMES.filter((name) => isDifferent(found[name]))).to.deep.equal([]);
    });
  }

  it("would tell of a user who does not exist, if no hash were computed for them", async () => {
    await start(new HastyHasher());
    const found = await effects(REQUESTS.tRPC);
    expect(NAMES.filter((name) => isDifferent(found[name]))).to.deep.equal([
      "an unknown user",
      "an unknown user, wrong password",
    ]);
    expect(found["an unknown user"].median).to.be.below(-5 * BOUND);
  });
});
