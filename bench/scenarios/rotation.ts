import { createHash } from "node:crypto";
import type { Bench } from "../bench.js";
import { compare } from "../compare.js";
import type { Sample } from "../sample.js";
import { type Contender, selfDriven, underLoad } from "../contender.js";
import { prepareDatabase } from "../databases.js";
import type { RequestParts } from "../load/plan.js";
import { SELF_DRIVEN } from "../servers/self-driven.js";
import type { Row } from "../result.js";
import { ratios, spreadOf } from "../statistics.js";
import { graphqlMutation, trpcMutation } from "../subject.js";
import { logIn, startJanus } from "./bundled-server.js";
import type { Scenario } from "./scenario.js";

const TARGET = { atLeast: 0.7 };

/** A refresh that hands out both tokens. */
export const REFRESH_BY_GRAPHQL = graphqlMutation("refreshToken", { refreshToken: "TOKEN" }, "token refreshToken");
export const GRAPHQL_SUCCESSOR = "data.refreshToken.refreshToken";

/** Rotation of refresh tokens over HTTP, beside its UPDATE alone. */
export const rotation: Scenario = {
  name: "rotation",
  async run(bench) {
    const url = await bench.newDatabase();
    await prepareDatabase(url);
    const rows = await compare(bench, [
      await rawUpdate(bench, url),
      bareHandler(bench, url),
      exchanging(bench, url, "GraphQL", REFRESH_BY_GRAPHQL, GRAPHQL_SUCCESSOR),
      exchanging(
        bench,
        url,
        "tRPC",
        trpcMutation("auth.refreshToken", { refreshToken: "TOKEN" }),
        "result.data.refreshToken",
      ),
    ]);
    return {
      title: "Rotation of a refresh token on MariaDB",
      figure:
        "Rotations per CPU-second of the process (the database aside), and per second of the clock, as a ratio to the raw UPDATE alone.",
      rows: [...rows, ...byTheClock(rows)],
      notes: [
        "Janus: bundled server, profile `hardened`. One process each, a session for each connection. The raw UPDATE has no HTTP, no token and no look at session and user.",
        "The bare handler checks the token, sends that UPDATE and signs both tokens; it looks at no user, and knows neither replay nor grace period, GraphQL nor tRPC.",
      ],
    };
  },
};

async function rawUpdate(bench: Bench, url: string): Promise<Contender> {
  return {
    name: "the UPDATE alone, prepared, over mysql2's pool",
    async start() {
      const hashes = (await newSessions(bench, url)).map(hashOf);
      const options = { databaseUrl: url, hashes };
      return selfDriven(await bench.start("servers/raw-update", options, SELF_DRIVEN));
    },
  };
}

/** What the row of a session is found by: the token is `random | generation | MAC`. */
function hashOf(refreshToken: string): string {
  const random = Buffer.from(refreshToken, "base64url").subarray(0, 32);
  return createHash("sha256").update(random).digest("hex");
}

/** What HTTP and the cryptography cost beside the UPDATE, with no more around them. */
function bareHandler(bench: Bench, url: string): Contender {
  const headers = { "content-type": "application/json" };
  const request: RequestParts = { method: "POST", path: "/", headers, body: JSON.stringify({ refreshToken: "TOKEN" }) };
  return {
    name: "bare node:http with the cryptography and that UPDATE",
    async start() {
      const tokens = await newSessions(bench, url);
      const child = await bench.start("servers/bare-rotation", { databaseUrl: url });
      return underLoad(bench, [child], { kind: "exchange", request, tokens, successor: "refreshToken" });
    },
  };
}

/** The refresh tokens of sessions that a server has opened which is gone then, one for each connection. */
async function newSessions(bench: Bench, url: string): Promise<string[]> {
  const janus = await startJanus(bench, { DATABASE_URL: url, JWT_PROFILE: "hardened" });
  const logins = await logIn(janus.address, bench.options.connections);
  await janus.stop();
  return logins.map(({ refreshToken }) => refreshToken);
}

function exchanging(bench: Bench, url: string, face: string, request: RequestParts, successor: string): Contender {
  return {
    name: `Janus over ${face}`,
    async start() {
      const child = await startJanus(bench, { DATABASE_URL: url, JWT_PROFILE: "hardened" });
      const logins = await logIn(child.address, bench.options.connections);
      const tokens = logins.map(({ refreshToken }) => refreshToken);
      return underLoad(bench, [child], { kind: "exchange", request, tokens, successor });
    },
    target: TARGET,
  };
}

/** The same samples by the clock: what the database allows counts then. */
function byTheClock(rows: readonly Row[]): Row[] {
  const perSecond = ({ samples = [] }: Row) => (samples as readonly Sample[]).map((one) => one.perSecond);
  const [base, ...others] = rows;
  if (base === undefined) return [];
  return others.map((row) => ({
    name: `${row.name}, rotations per second of the clock`,
    figure: spreadOf(ratios(perSecond(row), perSecond(base))),
    unit: "×",
    errors: row.errors,
    ...(row.target && { target: row.target }),
  }));
}
