import { compare, type Sample } from "../compare.js";
import { type Contender, fixedPlan, underLoad } from "../contender.js";
import { prepareDatabase } from "../databases.js";
import type { Row } from "../result.js";
import { ratios, spreadOf } from "../statistics.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY } from "../subject.js";
import { logIn, startJanus } from "./bundled-server.js";
import type { Scenario } from "./scenario.js";

const ONE = "one process";
const TWO = "two processes, a core each";

/** Two server processes on one database, beside one. */
export const twoProcesses: Scenario = {
  name: "two-processes",
  async run(bench) {
    const url = await bench.newDatabase();
    await prepareDatabase(url);
    const environment = { DATABASE_URL: url, JWT_PROFILE: "hardened" };
    const { server, load } = bench.cores;
    const janus = (name: string, cores: readonly number[]): Contender => ({
      name,
      amount: { connections: bench.options.connections * cores.length },
      async start() {
        const children = await Promise.all(cores.map((core) => startJanus(bench, environment, core)));
        const address = children[0]?.address ?? "";
        const logins = await logIn(address, bench.options.connections);
        const requests = logins.map(({ token }) => graphqlRequest(ME_QUERY, authorization(token)));
        return underLoad(bench, children, await fixedPlan(address, requests, ME_ANSWER));
      },
    });
    const rows = await compare(bench, [janus(ONE, [server]), janus(TWO, [server, load])]);
    return {
      title: "Two server processes on one MariaDB",
      figure: "Requests per CPU-second of a server (the database aside), as a ratio to one process.",
      rows: [...rows, scaling(rows)],
      notes: [
        "`me` in the profile `hardened`: user and session are read for each request. Each process has as many connections. The last row is twice the ratio of two processes to one: what two cores answer when both are theirs, since here the second one is the load generator's and the database's too.",
      ],
    };
  },
};

function scaling(rows: readonly Row[]): Row {
  const samplesOf = (name: string) => (rows.find((row) => row.name === name)?.samples ?? []) as readonly Sample[];
  const doubled = samplesOf(TWO).map(({ perCpuSecond }) => 2 * perCpuSecond);
  const single = samplesOf(ONE).map(({ perCpuSecond }) => perCpuSecond);
  return {
    name: "two processes on two cores, compared with one on one core",
    figure: spreadOf(ratios(doubled, single)),
    unit: "×",
    errors: rows.reduce((sum, { errors }) => sum + errors, 0),
    target: { atLeast: 1.8 },
  };
}
