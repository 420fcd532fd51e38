import { expect } from "chai";
import { createServer, type JanusServer } from "../../src/server/index.js";
import { PasswordHasher } from "../../src/users/password-hasher.js";
import { KeptConnection } from "../fuzz/kept-connection.js";
import { graphqlRequest, postRequest } from "../support/raw-http.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { PASSWORD } from "../support/test-context.js";
import { measureInRounds, type MedianInterval, medianInterval } from "../support/timing.js";

type Login = Readonly<{ username: string; password: string }>;

const BASELINE = "a wrong password";

/** How a login can fail. Whatever else it can fail for, and must not be told by, is a row here. */
const WRONG: Readonly<Record<string, Login>> = {
  [BASELINE]: { username: "alice", password: "wrong" },
  "an unknown user": { username: "nobody", password: PASSWORD },
  "an unknown user, wrong password": { username: "nobody", password: "wrong" },
  "an inactive user": { username: "gone", password: PASSWORD },
  "an inactive user, wrong password": { username: "gone", password: "wrong" },
};

/** The same for names that are limited, whose password is not looked at: the right one is a row too. */
const LIMITED: Readonly<Record<string, Login>> = {
  ...WRONG,
  "the right password": { username: "alice", password: PASSWORD },
};

const PER_NAME = "JWT_LOGIN_LIMIT_PER_NAME_AND_ADDRESS";
const UNLIMITED = { JWT_LOGIN_LIMIT_PER_ADDRESS: "none", JWT_LOGIN_LIMIT_PER_NAME: "none", [PER_NAME]: "none" };

/**
 * Most that a login may differ from the baseline by, as a part of its time, nearly all of which is one hash where there is
 * one. A hash that is left out is ten times as much.
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

describe("the time that a failed login takes", function () {
  this.timeout(600_000); // Where others fill the cores, threads that hash get a thirtieth of one.
  const directory = temporaryDirectory();
  let server: JanusServer;
  afterEach(() => server.close());

  /** With the costs that operators have: what is measured here is what a client sees. */
  async function start(hasher: PasswordHasher, limits: Readonly<Record<string, string>>): Promise<void> {
    server = await createServer({
      environment: { JANUS_DATA_DIR: directory.path(), PORT: "0", LOG_LEVEL: "silent", ...limits },
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

  /** By what part of the baseline's time each login, all of which end with this code, differs from it in the same round. */
  async function effects(
    logins: Readonly<Record<string, Login>>,
    code: string,
    toRequest: (login: Login) => string,
  ): Promise<Record<string, MedianInterval>> {
    const connection = new KeptConnection(server.url);
    const perName = <Value>(make: (name: string, login: Login) => Value): Record<string, Value> =>
      Object.fromEntries(Object.entries(logins).map(([name, login]) => [name, make(name, login)]));
    const things = perName((_, login) => async () => {
      const { body } = await connection.ask(toRequest(login));
      if (!body.includes(code)) throw new Error(body);
    });
    const durations = perName<number[]>(() => []);
    await measureInRounds(things, 5, structuredClone(durations)); // Nothing is compiled, and no connection open, before.
    let found: Record<string, MedianInterval> = {};
    for (let measurement = 0; measurement < MEASUREMENTS; measurement += 1) {
      await measureInRounds(things, ROUNDS, durations);
      found = perName((name) => difference(durations[name] ?? [], durations[BASELINE] ?? []));
      if (Object.values(found).every(seemsSame)) break;
    }
    connection.close();
    for (const [name, effect] of Object.entries(found))
      console.log(`      ${name}: ${inWords(durations[name], effect)}`);
    return found;
  }

  function difference(durations: readonly number[], baseline: readonly number[]): MedianInterval {
    const { median } = medianInterval(baseline);
    return medianInterval(durations.map((duration, round) => (duration - (baseline[round] ?? 0)) / median));
  }

  function inWords(durations: readonly number[] = [], { low, median, high }: MedianInterval): string {
    const [from, middle, to] = [low, median, high].map((part) => (100 * part).toFixed(1));
    const time = medianInterval(durations).median.toFixed(2);
    return `${time} ms, ${middle}% from the baseline (99.9%: ${from}% to ${to}%; ${durations.length} rounds)`;
  }

  const seemsSame = ({ median }: MedianInterval): boolean => Math.abs(median) < BOUND;
  const isDifferent = ({ low, high }: MedianInterval): boolean => low > BOUND || high < -BOUND;

  const different = (found: Readonly<Record<string, MedianInterval>>): string[] =>
    Object.keys(found).filter((name) => found[name] && isDifferent(found[name]));

  for (const [face, toRequest] of Object.entries(REQUESTS)) {
    it(`tells nothing of why, over ${face}`, async () => {
      await start(new PasswordHasher(), UNLIMITED);
      expect(different(await effects(WRONG, "INVALID_CREDENTIALS", toRequest))).to.deep.equal([]);
    });

    it(`tells nothing of a name that is limited, over ${face}`, async () => {
      await start(new PasswordHasher(), { ...UNLIMITED, [PER_NAME]: "1" });
      const connection = new KeptConnection(server.url);
      for (const username of ["alice", "nobody", "gone"]) {
        await connection.ask(toRequest({ username, password: "wrong" }));
      }
      connection.close();
      expect(different(await effects(LIMITED, "TOO_MANY_REQUESTS", toRequest))).to.deep.equal([]);
    });
  }

  it("would tell of a user who does not exist, if no hash were computed for them", async () => {
    await start(new HastyHasher(), UNLIMITED);
    const found = await effects(WRONG, "INVALID_CREDENTIALS", REQUESTS.tRPC);
    expect(different(found)).to.deep.equal(["an unknown user", "an unknown user, wrong password"]);
    expect(found["an unknown user"]?.median).to.be.below(-5 * BOUND);
  });
});
