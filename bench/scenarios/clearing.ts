import { once } from "node:events";
import type { Bench } from "../bench.js";
import { summary } from "../sample.js";
import { underLoad } from "../contender.js";
import { withDataSource } from "../databases.js";
import type { LoadFigures } from "../load/plan.js";
import type { Row } from "../result.js";
import { refreshTokenOf } from "../sessions/numbered-session.js";
import { spreadOf } from "../statistics.js";
import { janusEnvironment, startJanus } from "./bundled-server.js";
import { RefreshToken } from "../../src/index.js";
import { GRAPHQL_SUCCESSOR, REFRESH_BY_GRAPHQL } from "./rotation.js";

/** Refreshes beside the clearing: few and paced, as what is measured is how long they wait. */
const CONNECTIONS = 4;
const PAUSE = 10; // milliseconds
/** Seconds of one look at the latencies; the clearing may take several. */
const LOOK = 1;

interface Database {
  readonly url: string;
  readonly sessions: number;
  readonly expired: number;
}

/** `clear-tokens --expired` on a large table, and how long refreshes take meanwhile. @param numbers of sessions to refresh */
export async function clearingRows(bench: Bench, database: Database, numbers: readonly number[]): Promise<Row[]> {
  const environment = { DATABASE_URL: database.url, JWT_PROFILE: "hardened" };
  const child = await startJanus(bench, environment);
  try {
    const tokens = numbers.map(refreshTokenOf);
    const plan = { kind: "exchange", request: REFRESH_BY_GRAPHQL, tokens, successor: GRAPHQL_SUCCESSOR } as const;
    const refresh = await underLoad(bench, [child], plan);
    const paced = { ...bench.amount, time: LOOK * 1000, connections: CONNECTIONS, pause: PAUSE };
    const idle: LoadFigures[] = [];
    await refresh.run(paced);
    for (let round = 1; round <= bench.options.rounds; round += 1) idle.push(await refresh.run(paced));

    bench.progress(`  clear-tokens --expired of ${database.expired} rows`);
    const clearing = await startClearing(bench, environment);
    const busy: LoadFigures[] = [];
    do busy.push(await refresh.run(paced));
    while (!clearing.isOver());
    const seconds = await clearing.seconds;
    await assertCleared(database);
    return rowsOf(idle, busy, seconds);
  } finally {
    await child.stop();
  }
}

/** The command line in a process of its own, on the load's core: it may run anywhere, and is not what is measured. */
async function startClearing(bench: Bench, environment: Readonly<Record<string, string>>) {
  const started = performance.now();
  const child = await bench.run({
    arguments: ["build/src/cli/main.js", "clear-tokens", "--expired"],
    environment: janusEnvironment(bench, environment),
    core: bench.cores.load,
    ready: /^/,
  });
  let seconds: number | undefined;
  const ended = once(child.process, "exit").then(([code]) => {
    if (code !== 0) throw new Error(`clear-tokens ended with ${code}`);
    return (seconds = (performance.now() - started) / 1000);
  });
  return { seconds: ended, isOver: () => seconds !== undefined };
}

async function assertCleared({ url, sessions, expired }: Database): Promise<void> {
  const left = await withDataSource(url, (dataSource) => dataSource.getRepository(RefreshToken).count());
  if (left !== sessions - expired) throw new Error(`${left} sessions are left of ${sessions} with ${expired} expired`);
}

function rowsOf(idle: readonly LoadFigures[], busy: readonly LoadFigures[], seconds: number): Row[] {
  const p99 = (figures: readonly LoadFigures[]) => spreadOf(figures.map((one) => one.p99));
  const [before, during] = [p99(idle), p99(busy)];
  const scaled = (value: number) => value / before.median;
  const figure = { median: scaled(during.median), min: scaled(during.min), max: scaled(during.max) };
  return [
    { name: "p99 of refresh, idle", figure: before, unit: "ms", ...summary(idle) },
    { name: "p99 of refresh during `clear-tokens --expired`", figure: during, unit: "ms", ...summary(busy) },
    { name: "the same, compared with idle", figure, unit: "×", errors: 0, target: { atMost: 2 }, samples: busy },
    { name: "`clear-tokens --expired`", figure: spreadOf([seconds]), unit: "s", errors: 0 },
  ];
}
