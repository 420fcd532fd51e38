import { isDeepStrictEqual } from "node:util";
import type { Bench } from "./bench.js";
import type { Amount, LoadFigures, Plan, RequestParts } from "./load/plan.js";
import type { Child } from "./processes/child.js";
import type { Target } from "./result.js";

/** One of those who are compared. */
export interface Contender {
  readonly name: string;
  /** Starts its processes, and answers with what can be measured. */
  start(bench: Bench): Promise<Subject>;
  /** What its figure is to reach. */
  readonly target?: Target;
  /** By default the bench's amount. */
  readonly amount?: Partial<Amount>;
  /** How many times the amount it is warmed up with: more than once where that is few requests. By default once. */
  readonly warmUps?: number;
}

/** Processes under measurement. */
export interface Subject {
  /** Whose CPU time counts. */
  readonly children: readonly Child[];
  run(amount: Amount): Promise<LoadFigures>;
}

/** A server that is sent load by a plan. */
export async function underLoad(bench: Bench, children: readonly Child[], plan: Plan): Promise<Subject> {
  const load = await bench.load();
  const name = await load.learn(plan);
  const urls = children.map(({ address }) => address);
  return { children, run: (amount) => load.send(name, urls, amount) };
}

/** A process that does its work without being asked over HTTP. */
export function selfDriven(child: Child): Subject {
  return { children: [child], run: (amount) => child.ask(amount) };
}

/**
 * The plan of requests that are always answered alike. They are sent once: the answer must be the JSON that is
 * expected, and from then on it must be the same to the byte.
 *
 * @throws Error with the answer, if it is another one
 */
export async function fixedPlan(url: string, requests: readonly RequestParts[], expected: unknown): Promise<Plan> {
  const answers = await Promise.all(requests.map((request) => ask(url, request)));
  for (const { status, body } of answers) {
    if (status !== 200 || !isDeepStrictEqual(JSON.parse(body), expected)) {
      throw new Error(`${url} answered ${status} ${body} instead of ${JSON.stringify(expected)}`);
    }
  }
  const [first] = answers;
  if (first === undefined) throw new Error("there are no requests");
  return { kind: "fixed", requests, status: first.status, body: first.body };
}

/** What one request is answered with. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Its `Set-Cookie` headers. */
  readonly cookies: readonly string[];
}

/** Sends one request. */
export async function ask(url: string, { method, path, headers, body }: RequestParts): Promise<Reply> {
  const response = await fetch(url + path, { method, ...(headers && { headers }), ...(body && { body }) });
  return { status: response.status, body: await response.text(), cookies: response.headers.getSetCookie() };
}
