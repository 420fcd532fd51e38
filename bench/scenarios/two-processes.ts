import { compare } from "../compare.js";
import type { Sample } from "../sample.js";
import type { Bench } from "../bench.js";
import { type Contender, fixedPlan, type Subject, underLoad } from "../contender.js";
import { prepareDatabase } from "../databases.js";
import type { Child } from "../processes/child.js";
import type { Row } from "../result.js";
import { ratios, spreadOf } from "../statistics.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY, signTokens } from "../subject.js";
import { logIn, startJanus } from "./bundled-server.js";
import type { Scenario } from "./scenario.js";

const NAMES = {
  bareOne: "one bare process, one `findOneBy` a request",
  bareTwo: "two bare processes, a core each",
  janusOne: "Janus, one process",
  janusTwo: "Janus, two processes, a core each",
} as const;

/** "1.8 times one", of the 2 that two cores can give at the most. */
const TARGET = { atLeast: 1.8 / 2 };

/** Two server processes on one database, beside one; and what the machine lets two of anything reach. */
export const twoProcesses: Scenario = {
  name: "two-processes",
  async run(bench) {
    const url = await bench.newDatabase();
    await prepareDatabase(url);
    const { server, load } = bench.cores;
    const [bare, janus] = [bareProcesses(bench, url), janusProcesses(bench, url)];
    const rows = await compare(bench, [
      contender(bench, NAMES.bareOne, [server], bare),
      contender(bench, NAMES.bareTwo, [server, load], bare),
      contender(bench, NAMES.janusOne, [server], janus),
      contender(bench, NAMES.janusTwo, [server, load], janus),
    ]);
    return {
      title: "Two server processes on one MariaDB",
      figure: "Requests per CPU-second of the servers (the database aside), as a ratio to one bare process.",
      rows: [...rows, ...scalingRows(rows)],
      notes: [
        "`me` in the profile `hardened`: user and session are read for each request. Each process has as many connections.",
        "Doubled: twice the requests per CPU-second of two processes, by those of one: what two cores would answer if both were theirs. Here the load generator and the database need the same two cores, and whoever shares a core takes more CPU time for the same work. How much, the bare processes show in the same rounds: they share nothing but the machine. So the figure that is held against the target is Janus's doubled by theirs; 1.8 of 2 is 0.9.",
      ],
    };
  },
};

type Processes = (cores: readonly number[]) => Promise<Subject>;

function contender(bench: Bench, name: string, cores: readonly number[], start: Processes): Contender {
  return { name, amount: { connections: bench.options.connections * cores.length }, start: () => start(cores) };
}

function bareProcesses(bench: Bench, databaseUrl: string): Processes {
  return async (cores) => {
    const start = (core: number) => bench.start("servers/find-one", { databaseUrl }, { core });
    return answeringMe(bench, await Promise.all(cores.map(start)), signTokens(bench.options.tokens));
  };
}

function janusProcesses(bench: Bench, url: string): Processes {
  return async (cores) => {
    const environment = { DATABASE_URL: url, JWT_PROFILE: "hardened" };
    const children = await Promise.all(cores.map((core) => startJanus(bench, environment, { core })));
    const logins = await logIn(children[0]?.address ?? "", bench.options.connections);
    return answeringMe(
      bench,
      children,
      logins.map(({ token }) => token),
    );
  };
}

async function answeringMe(bench: Bench, children: readonly Child[], tokens: readonly string[]): Promise<Subject> {
  const requests = tokens.map((token) => graphqlRequest(ME_QUERY, authorization(token)));
  return underLoad(bench, children, await fixedPlan(children[0]?.address ?? "", requests, ME_ANSWER));
}

function scalingRows(rows: readonly Row[]): Row[] {
  const bare = doubled(rows, NAMES.bareOne, NAMES.bareTwo);
  const janus = doubled(rows, NAMES.janusOne, NAMES.janusTwo);
  const errors = rows.reduce((sum, row) => sum + row.errors, 0);
  return [
    { name: "bare, doubled", figure: spreadOf(bare), unit: "×", errors },
    { name: "Janus, doubled", figure: spreadOf(janus), unit: "×", errors },
    { name: "Janus, compared with bare", figure: spreadOf(ratios(janus, bare)), unit: "×", errors, target: TARGET },
  ];
}

/** Of each round. */
function doubled(rows: readonly Row[], one: string, two: string): number[] {
  const efficiencies = (name: string) => {
    const samples = (rows.find((row) => row.name === name)?.samples ?? []) as readonly Sample[];
    return samples.map(({ perCpuSecond }) => perCpuSecond);
  };
  return ratios(
    efficiencies(two).map((value) => 2 * value),
    efficiencies(one),
  );
}
