import * as fc from "fast-check";
import { expectNoInternals } from "../support/refusals.js";
import { TELLTALES } from "../support/security-headers.js";
import { PASSWORD } from "../support/test-context.js";
import { graphqlRequest, postRequest, type RawAnswer } from "../support/raw-http.js";
import { CACHED_CHARACTERS } from "../../src/graphql/documents.js";
import { DOCUMENTS } from "./seeds.js";
import { USERNAME } from "./fuzzed-server.js";
import { KeptConnection, shout } from "./kept-connection.js";
import { type FuzzRequest, fuzzRequests, type Tokens } from "./requests.js";

/** Requests that are made with one seed and one pair of tokens: the first with the run's seed, the next with the seed after. */
export const CHUNK = 500;

/** Requests at once. With five logins each, which is the most, the hashing queue takes them all. */
const CONCURRENCY = 8;

/** A request whose answer was wrong, and how to send it again. */
export interface Failure {
  readonly kind: string;
  readonly seed: number;
  readonly problem: string;
  readonly bytes: string;
}

/** What is told after each chunk. */
export interface Progress {
  readonly done: number;
  readonly failures: readonly Failure[];
}

/**
 * Sends so many requests.
 *
 * @param seed of the first chunk
 * @param report is waited for after each chunk; it ends the run by answering false
 */
export async function runFuzz(
  { url, runs, seed }: { readonly url: string; readonly runs: number; readonly seed: number },
  report: (progress: Progress) => Promise<boolean> = async () => true,
): Promise<{ readonly failures: readonly Failure[]; readonly statuses: ReadonlyMap<string, number> }> {
  const failures: Failure[] = [];
  const statuses = new Map<string, number>();
  const connections = Array.from({ length: CONCURRENCY }, () => new KeptConnection(url));
  try {
    for (let done = 0; done < runs; done += CHUNK) {
      const chunk = { seed: seed + done / CHUNK, numRuns: Math.min(CHUNK, runs - done) };
      const requests = fc.sample(fuzzRequests(await logIn(url)), chunk).values();
      await Promise.all(
        connections.map(async (connection) => {
          for (const request of requests) {
            const outcome = await outcomeOf(connection, url, request);
            const key = `${request.kind}: ${outcome.status}`;
            statuses.set(key, (statuses.get(key) ?? 0) + 1);
            if (outcome.problem !== null) failures.push({ ...request, seed: chunk.seed, problem: outcome.problem });
          }
        }),
      );
      if (!(await report({ done: done + chunk.numRuns, failures }))) break;
    }
  } finally {
    for (const connection of connections) connection.close();
  }
  return { failures, statuses };
}

/**
 * Fills what remembers valid documents, up to its bound: otherwise a run would do it now and then until its end, and memory
 * that has a bound would look like memory that has none.
 */
export async function fillDocumentCache(url: string): Promise<void> {
  const connection = new KeptConnection(url);
  const [first = ""] = DOCUMENTS;
  const count = Math.ceil((1.2 * CACHED_CHARACTERS) / first.length);
  for (let number = 0; number < count; number += 1) {
    const { status } = await connection.ask(graphqlRequest(first.replace("query", `query n${number}`)));
    if (status !== 200) throw new Error(`a valid document was answered with ${status}`);
  }
  connection.close();
}

async function logIn(url: string): Promise<Tokens> {
  const connection = new KeptConnection(url);
  const credentials = JSON.stringify({ username: USERNAME, password: PASSWORD });
  const { status, body } = await connection.ask(postRequest("/trpc/auth.tokenAuth", credentials));
  connection.close();
  if (status !== 200) throw new Error(`the login was answered with ${status}: ${body}`);
  return (JSON.parse(body) as { result: { data: Tokens } }).result.data;
}

async function outcomeOf(
  connection: KeptConnection,
  url: string,
  request: FuzzRequest,
): Promise<{ readonly status: string; readonly problem: string | null }> {
  try {
    if (request.raw) return judgeRaw(await shout(url, request.bytes));
    const answer = await connection.ask(request.bytes);
    return { status: String(answer.status), problem: problemOf(request, answer) };
  } catch (error) {
    return { status: "none", problem: (error as Error).message };
  }
}

/** What is no request may be left without an answer; whatever is answered is no error of the server. */
function judgeRaw(received: string): { readonly status: string; readonly problem: string | null } {
  const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const wrong = statuses.filter((status) => status < 200 || status > 499);
  return { status: statuses.join(" ") || "none", problem: wrong.length > 0 ? `answered with ${wrong.join()}` : null };
}

function problemOf({ status: expected }: FuzzRequest, answer: RawAnswer): string | null {
  const { status, body } = answer;
  const shown = body.slice(0, 300);
  if (status < 200 || status > 499) return `answered with ${status}: ${shown}`;
  if (expected !== undefined && status !== expected) return `answered with ${status} and not ${expected}: ${shown}`;
  if (/"(?:INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE)"/.test(body))
    return `an error of the server within ${status}: ${shown}`;
  const telling = TELLTALES.filter((name) => name in answer.headers);
  if (telling.length > 0) return `a header that tells what serves it: ${telling.join()}`;
  try {
    if (status >= 300) expectNoInternals(body);
  } catch {
    return `an answer that tells of what is behind it: ${shown}`;
  }
  return null;
}
