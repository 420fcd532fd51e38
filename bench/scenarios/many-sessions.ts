import type { Bench } from "../bench.js";
import { compare } from "../compare.js";
import { type Contender, underLoad } from "../contender.js";
import { prepareDatabase, withDataSource } from "../databases.js";
import type { Plan } from "../load/plan.js";
import type { Row } from "../result.js";
import { accessTokenOf, ownSessions, refreshTokenOf } from "../sessions/numbered-session.js";
import { fillSessions } from "../sessions/fill-sessions.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY } from "../subject.js";
import { startJanus } from "./bundled-server.js";
import { clearingRows } from "./clearing.js";
import { GRAPHQL_SUCCESSOR, REFRESH_BY_GRAPHQL } from "./rotation.js";
import type { Scenario } from "./scenario.js";

/** "With ten thousand", or as many as there are in a smaller run. */
const FEW = 10_000;
/** Of the large table, a tenth is over: a million of ten. */
const EXPIRED_SHARE = 0.1;
/** Few, so that what is measured is how long an answer takes and not a queue. */
const CONNECTIONS = 8;
/** "Within 1.5". */
const TARGET = { atLeast: 1 / 1.5 };

/** A filled database. */
export interface Filled {
  readonly url: string;
  readonly sessions: number;
  readonly expired: number;
}

/** Refresh and `me` on a large table, beside a small one; and its clearing. */
export const manySessions: Scenario = {
  name: "many-sessions",
  async run(bench) {
    const small = await fill(bench, Math.min(FEW, bench.options.sessions));
    const large = await fill(bench, bench.options.sessions);
    const rows = [
      ...(await measure(bench, "refresh", [small, large], refreshPlan)),
      ...(await measure(bench, "`me`", [small, large], mePlan)),
      ...(await clearingRows(bench, large, halfOf(large, 1))),
    ];
    return {
      title: "Many sessions in MariaDB",
      figure:
        "Answers per second of the clock on the large table, as a ratio to the small one; p99 of refresh while a tenth of the rows is deleted, as a ratio to its idle value.",
      rows,
      notes: [
        `Janus: bundled server, profile \`hardened\`, ${CONNECTIONS} connections. Sessions that are asked for are spread over the whole table. MariaDB has 2 GiB for pages; 1/1.5 is 0.67.`,
      ],
    };
  },
};

async function fill(bench: Bench, sessions: number): Promise<Filled> {
  const url = await bench.newDatabase();
  const expired = Math.floor(sessions * EXPIRED_SHARE);
  await prepareDatabase(url);
  await withDataSource(url, (dataSource) =>
    fillSessions(dataSource, { sessions, expired }, (done) => bench.progress(`  ${done} of ${sessions} sessions`)),
  );
  return { url, sessions, expired };
}

async function measure(
  bench: Bench,
  what: string,
  databases: readonly Filled[],
  plan: (database: Filled) => Plan,
): Promise<Row[]> {
  const contenders = databases.map((database, index): Contender => ({
    name: `${what}, ${database.sessions} sessions`,
    amount: { connections: CONNECTIONS },
    async start() {
      const child = await startJanus(bench, { DATABASE_URL: database.url, JWT_PROFILE: "hardened" });
      return underLoad(bench, [child], plan(database));
    },
    ...(index > 0 && { target: TARGET }),
  }));
  return compare(bench, contenders, { measure: "perSecond", keepsProcesses: true });
}

function refreshPlan(database: Filled): Plan {
  const tokens = halfOf(database, 0).map(refreshTokenOf);
  return { kind: "exchange", request: REFRESH_BY_GRAPHQL, tokens, successor: GRAPHQL_SUCCESSOR };
}

function mePlan({ sessions, expired }: Filled): Plan {
  const tokens = ownSessions(sessions, expired).map(accessTokenOf);
  const requests = tokens.map((token) => graphqlRequest(ME_QUERY, authorization(token)));
  return { kind: "fixed", requests, status: 200, body: JSON.stringify(ME_ANSWER) };
}

/** Every second session of the user: a token that one measurement has exchanged is good for nothing in another. */
function halfOf({ sessions, expired }: Filled, half: 0 | 1): number[] {
  return ownSessions(sessions, expired).filter((_, index) => index % 2 === half);
}
