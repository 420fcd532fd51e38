import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { FuzzedServer, type Memory } from "./fuzzed-server.js";
import { CHUNK, type Failure, fillDocumentCache, runFuzz } from "./run-fuzz.js";

/*
 * npm run fuzz [-- --runs N --seed S]: sends random requests to a server in a process of its own, and ends with 1 if one of
 * them was answered with an error of the server, crashed it, told what is behind it, or if memory was not flat.
 */

/** Bytes that the heap, and all of the process, may grow by from the tenth part of a run to its end. */
const HEAP_BOUND = 8 * 2 ** 20;
const RSS_BOUND = 64 * 2 ** 20;

const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const runs = Number(values.runs ?? 100_000);
const seed = Number(values.seed ?? randomInt(2 ** 31));
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed))
  throw new Error("--runs and --seed are whole numbers");

console.log(`${runs} requests, seed ${seed}`);
const server = await FuzzedServer.start();
await fillDocumentCache(server.url);
const started = performance.now();
const warmUp = Math.ceil(runs / 10 / CHUNK) * CHUNK;
let first: Memory | undefined;
let told = 0;
let printed = 0;

const { failures, statuses } = await runFuzz({ url: server.url, runs, seed }, async ({ done, failures: found }) => {
  for (const failure of found.slice(printed)) printFailure(failure);
  printed = found.length;
  if (done === warmUp) first = await server.memory();
  if (done - told >= runs / 20 || done === runs) {
    told = done;
    const rate = Math.round(done / ((performance.now() - started) / 1000));
    console.log(`${done} requests, ${rate}/s, ${found.length} failures, ${inWords(await server.memory())}`);
  }
  return !server.hasEnded && found.length < 20;
});
const last = server.hasEnded ? undefined : await server.memory();
await server.stop();

for (const key of [...statuses.keys()].toSorted()) console.log(`  ${key}: ${statuses.get(key)}`);
for (const alarm of server.alarms) console.log(`alarm: ${alarm}`);
const isFlat = reportMemory(first, last);
process.exitCode = failures.length === 0 && server.alarms.length === 0 && isFlat ? 0 : 1;

function printFailure({ kind, seed: of, problem, bytes }: Failure): void {
  console.log(`failure: ${kind}: ${problem}`);
  console.log(`  again: npm run fuzz -- --runs ${CHUNK} --seed ${of}`);
  console.log(`  bytes: ${JSON.stringify(bytes)}`);
}

function reportMemory(before: Memory | undefined, after: Memory | undefined): boolean {
  if (!before || !after) return after !== undefined;
  const heap = after.heapUsed - before.heapUsed;
  const rss = after.rss - before.rss;
  console.log(`memory after ${warmUp} requests: ${inWords(before)}; after ${runs}: ${inWords(after)}`);
  console.log(
    `growth: heap ${megabytes(heap)} of ${megabytes(HEAP_BOUND)}, RSS ${megabytes(rss)} of ${megabytes(RSS_BOUND)}`,
  );
  return heap <= HEAP_BOUND && rss <= RSS_BOUND;
}

function inWords({ heapUsed, rss }: Memory): string {
  return `heap ${megabytes(heapUsed)}, RSS ${megabytes(rss)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
