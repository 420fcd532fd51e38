import { type Bench, hasContenders } from "../bench.js";
import { compare } from "../compare.js";
import { ask, type Contender, selfDriven, type Subject, underLoad } from "../contender.js";
import { prepareDatabase } from "../databases.js";
import type { Plan, RequestParts } from "../load/plan.js";
import type { Row } from "../result.js";
import { SELF_DRIVEN } from "../servers/self-driven.js";
import { authorization, EMAIL, graphqlRequest, ME_ANSWER, ME_QUERY, PASSWORD, USERNAME } from "../subject.js";
import { logIn, loginRequest, startJanus } from "./bundled-server.js";
import { GRAPHQL_SUCCESSOR, REFRESH_BY_GRAPHQL } from "./rotation.js";
import type { Scenario } from "./scenario.js";

const JSON_TYPE = { "content-type": "application/json", origin: "http://127.0.0.1" };
const SIGN_IN = post("/api/auth/sign-in/email", { email: EMAIL, password: PASSWORD });
const SIGN_UP = post("/api/auth/sign-up/email", { email: EMAIL, password: PASSWORD, name: USERNAME });
const LOGINS = 16;

/** Login, session check and refresh, beside better-auth. */
export const betterAuth: Scenario = {
  name: "better-auth",
  async run(bench) {
    const rows: Row[] = [];
    for (const work of WORKS) rows.push(...(await measure(bench, work)));
    return {
      title: "Login, session check and refresh, beside better-auth",
      figure:
        "Requests per CPU-second of the server (the database aside), as a ratio to better-auth in the same round.",
      rows,
      notes: NOTES,
    };
  },
};

const NOTES = [
  "Both on MariaDB, as their documentation sets them up: better-auth 1 with e-mail and password, a session row and a cookie, its limit of requests off; Janus, bundled server, profile `hardened`.",
  "Logins are mostly hashing, and the hashes differ: better-auth has scrypt (N 16384, r 16), Janus argon2id (19 MiB, two passes). A login's figure divided by that of its hash alone is the share of hashing in it.",
  "better-auth refreshes a session in passing, once a day; with `updateAge: 0` it does so at each look, which is compared with a rotation here. It hands out no new token then, so that a copied one is never noticed.",
];

/** One piece of work, done by both. */
interface Work {
  readonly name: string;
  readonly connections?: number;
  readonly updateAge?: number;
  readonly theirs: (cookie: string) => Plan;
  readonly ours: (url: string, count: number) => Promise<Plan>;
}

const WORKS: readonly Work[] = [
  {
    name: "login",
    connections: LOGINS,
    theirs: () => ({ kind: "varying", request: SIGN_IN, texts: ["token"] }),
    ours: async () => ({ kind: "varying", request: loginRequest("token refreshToken"), texts: LOGIN_TEXTS }),
  },
  {
    name: "session check",
    theirs: getSession,
    async ours(url, count) {
      const logins = await logIn(url, count);
      const requests = logins.map(({ token }) => graphqlRequest(ME_QUERY, authorization(token)));
      return { kind: "fixed", requests, status: 200, body: JSON.stringify(ME_ANSWER) };
    },
  },
  {
    name: "refresh",
    updateAge: 0,
    theirs: getSession,
    async ours(url, count) {
      const tokens = (await logIn(url, count)).map(({ refreshToken }) => refreshToken);
      return { kind: "exchange", request: REFRESH_BY_GRAPHQL, tokens, successor: GRAPHQL_SUCCESSOR };
    },
  },
];

const LOGIN_TEXTS = ["data.tokenAuth.token", "data.tokenAuth.refreshToken"];

function getSession(cookie: string): Plan {
  const request: RequestParts = { method: "GET", path: "/api/auth/get-session", headers: { cookie } };
  return { kind: "varying", request, texts: ["user.email", "session.token"] };
}

async function measure(bench: Bench, work: Work): Promise<Row[]> {
  const amount = { connections: work.connections ?? bench.options.connections };
  const janus: Contender = {
    name: `${work.name}: Janus`,
    amount,
    async start() {
      const url = await bench.newDatabase();
      await prepareDatabase(url);
      const child = await startJanus(bench, { DATABASE_URL: url, JWT_PROFILE: "hardened" });
      return underLoad(bench, [child], await work.ours(child.address, amount.connections));
    },
  };
  const name = `${work.name}: better-auth`;
  const other: Contender = { name, amount, start: () => startBetterAuth(bench, work) };
  if (!hasContenders()) return compare(bench, [janus]);
  const hashes = work.name === "login" ? [HASHES.argon2id, HASHES.scrypt] : [];
  return compare(bench, [other, { ...janus, target: { aheadOf: [name] } }, ...hashes], { keepsProcesses: true });
}

/** What a login is mostly made of, alone. */
const HASHES: Readonly<Record<"argon2id" | "scrypt", Contender>> = {
  argon2id: {
    name: "argon2id alone, as Janus has it",
    amount: { connections: 1 },
    start: async (bench) => selfDriven(await bench.start("servers/hashes", {}, SELF_DRIVEN)),
  },
  scrypt: {
    name: "scrypt alone, as better-auth has it",
    amount: { connections: 1 },
    start: async (bench) => selfDriven(await bench.startContender("better-auth-hashes", {}, SELF_DRIVEN)),
  },
};

/** better-auth with the one user, who has logged in. */
async function startBetterAuth(bench: Bench, { updateAge, theirs }: Work): Promise<Subject> {
  const databaseUrl = await bench.newDatabase();
  const options = { databaseUrl, ...(updateAge !== undefined && { updateAge }) };
  const child = await bench.startContender("better-auth", options);
  const { status, body, cookies } = await ask(child.address, SIGN_UP);
  if (status !== 200) throw new Error(`better-auth answered ${status} ${body}`);
  const cookie = cookies.map((text) => text.split(";")[0] ?? "");
  return underLoad(bench, [child], theirs(cookie.join("; ")));
}

function post(path: string, body: object): RequestParts {
  return { method: "POST", path, headers: JSON_TYPE, body: JSON.stringify(body) };
}
