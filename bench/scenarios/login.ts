import { availableParallelism } from "node:os";
import type { Bench } from "../bench.js";
import { compare } from "../compare.js";
import { summary } from "../sample.js";
import { type Contender, fixedPlan, selfDriven, underLoad } from "../contender.js";
import { prepareDatabase } from "../databases.js";
import { LoadGenerator } from "../load/load-generator.js";
import type { Plan } from "../load/plan.js";
import type { Row } from "../result.js";
import { ratios, spreadOf } from "../statistics.js";
import { SELF_DRIVEN } from "../servers/self-driven.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY } from "../subject.js";
import { logIn, loginRequest, startJanus } from "./bundled-server.js";
import type { Scenario } from "./scenario.js";

/** Logins at once: more than are hashed at once, so that the queue is never empty. */
const LOGINS = 16;
/** A second has a hundred logins or two; compilers need some thousand. */
const WARM_UPS = 6;
/** `me` beside them: few and paced, as what is measured is how long they wait. */
const ME_CONNECTIONS = 4;
const ME_PAUSE = 10; // milliseconds

const LOGIN_PLAN: Plan = {
  kind: "varying",
  request: loginRequest("token refreshToken"),
  texts: ["data.tokenAuth.token", "data.tokenAuth.refreshToken"],
};

/** `tokenAuth` with argon2id, and `me` meanwhile. */
export const login: Scenario = {
  name: "login",
  async run(bench) {
    const url = await bench.newDatabase();
    await prepareDatabase(url);
    const rows = [...(await loginRows(bench, url)), ...(await meanwhileRows(bench, url))];
    return {
      title: "`tokenAuth` with argon2id",
      figure:
        "Logins per CPU-second of the server, as a ratio to verifications with the same argon2id and nothing else; p99 of `me` during logins, as a ratio to its idle value.",
      rows,
      notes: [
        `Janus: bundled server on MariaDB, profile \`hardened\`; ${LOGINS} logins at once, and ${ME_CONNECTIONS} connections that ask \`me\` every ${ME_PAUSE} ms. Servers and hashes share one core here, so that \`me\` waits for the scheduler too.`,
      ],
    };
  },
};

async function loginRows(bench: Bench, url: string): Promise<Row[]> {
  const hashes: Contender = {
    name: "argon2id alone, as many at once as there are cores",
    amount: { connections: bench.cores.pinned ? 1 : availableParallelism() },
    async start() {
      return selfDriven(await bench.start("servers/hashes", {}, SELF_DRIVEN));
    },
  };
  const janus: Contender = {
    name: "Janus, `tokenAuth`",
    amount: { connections: LOGINS },
    warmUps: WARM_UPS,
    async start() {
      const child = await startJanus(bench, { DATABASE_URL: url, JWT_PROFILE: "hardened" });
      return underLoad(bench, [child], LOGIN_PLAN);
    },
    target: { atLeast: 0.95 },
  };
  return compare(bench, [hashes, janus], { keepsProcesses: true });
}

/** `me` when nothing else is asked, and during logins, in turn. */
async function meanwhileRows(bench: Bench, url: string): Promise<Row[]> {
  const child = await startJanus(bench, { DATABASE_URL: url, JWT_PROFILE: "hardened" });
  const second = await LoadGenerator.start(bench.cores);
  try {
    const [session] = await logIn(child.address, 1);
    const request = graphqlRequest(ME_QUERY, authorization(session?.token ?? ""));
    const plan = await fixedPlan(child.address, [request], ME_ANSWER);
    const me = await underLoad(bench, [child], plan);
    const logins = await second.learn(LOGIN_PLAN);
    const paced = { ...bench.amount, connections: ME_CONNECTIONS, pause: ME_PAUSE };
    // Paced requests are too few for compilers: without these, the first rounds would be of a server that still gets faster.
    await (await underLoad(bench, [child], plan)).run(bench.amount);
    await second.send(logins, [child.address], { ...bench.amount, connections: LOGINS });
    await me.run(paced);
    const idle = [];
    const busy = [];
    for (let round = 1; round <= bench.options.rounds; round += 1) {
      bench.progress(`  \`me\` beside logins, round ${round}`);
      idle.push(await me.run(paced));
      const storm = second.send(logins, [child.address], { ...bench.amount, connections: LOGINS });
      busy.push(await me.run(paced));
      const { errors, firstError } = await storm;
      if (errors > 0) throw new Error(`${errors} logins were refused: ${firstError}`);
    }
    const p99 = (figures: readonly { p99: number }[]) => figures.map((one) => one.p99);
    const figure = spreadOf(ratios(p99(busy), p99(idle)));
    return [
      { name: "p99 of `me`, idle", figure: spreadOf(p99(idle)), unit: "ms", ...summary(idle) },
      { name: "p99 of `me` during logins", figure: spreadOf(p99(busy)), unit: "ms", ...summary(busy) },
      { name: "the same, compared with idle", figure, unit: "×", errors: 0, target: { atMost: 2 }, samples: busy },
    ];
  } finally {
    await Promise.all([child.stop(), second.stop()]);
  }
}
