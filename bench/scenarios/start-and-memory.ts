import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.js";
import { ask, fixedPlan, underLoad } from "../contender.js";
import { cpuSeconds, residentMebibytes } from "../processes/accounts.js";
import { prepareDatabase } from "../databases.js";
import type { Row } from "../result.js";
import { spreadOf } from "../statistics.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY } from "../subject.js";
import { logIn, startJanus } from "./bundled-server.js";
import type { Scenario } from "./scenario.js";

/** Requests before memory counts: code is compiled, caches and pools are filled. */
const WARM_UP_SHARE = 0.1;
/** What memory may grow by between the warm-up and the end. */
const FLAT = 1.1;
/** Longest time for all the requests, milliseconds. */
const TIME_LIMIT = 1_800_000;

/** What a start costs, and what is held. */
export const startAndMemory: Scenario = {
  name: "start-and-memory",
  async run(bench) {
    const rows = [...(await startRows(bench)), ...(await memoryRows(bench))];
    return {
      title: "Start and memory",
      figure: "Janus: bundled server on SQLite, profile `hardened`. Memory is the resident set of the process.",
      rows,
      notes: [
        "A start is from the call of `node` to the first GraphQL answer, on a database that is there; on a busy machine its CPU time says more.",
        `Memory is flat if after all requests it is at most ${FLAT} times that after the first tenth. Requests: \`me\`, 50 connections unless told otherwise.`,
      ],
    };
  },
};

async function startRows(bench: Bench): Promise<Row[]> {
  const directory = mkdtempSync(join(bench.directory, "start-"));
  const starts: { clock: number; cpu: number; empty: number }[] = [];
  // The first one makes the database and the superuser: it does not count.
  for (let round = 0; round <= bench.options.rounds; round += 1) {
    bench.progress(`  start ${round}`);
    starts.push({ empty: await measureEmpty(bench), ...(await measureStart(bench, directory)) });
  }
  const counted = starts.slice(1);
  const figures = (of: "clock" | "cpu") => spreadOf(counted.map((start) => start[of]));
  return [
    row("an empty program of Node, by the clock", spreadOf(counted.map(({ empty }) => empty)), "s"),
    row("start to first answer, by the clock", figures("clock"), "s", { atMost: 1 }),
    row("start to first answer, CPU time", figures("cpu"), "s"),
  ];
}

/** What a start costs at the least, at that moment on this machine, seconds. */
async function measureEmpty(bench: Bench): Promise<number> {
  const started = performance.now();
  const child = await bench.run({ arguments: ["-e", "console.log('ready')"], ready: /^ready/ });
  const seconds = (performance.now() - started) / 1000;
  await child.stop();
  return seconds;
}

async function measureStart(bench: Bench, directory: string) {
  const started = performance.now();
  const child = await startJanus(bench, { JANUS_DATA_DIR: directory });
  try {
    const { status, body } = await ask(child.address, graphqlRequest("{ __typename }"));
    const clock = (performance.now() - started) / 1000;
    if (status !== 200 || body !== '{"data":{"__typename":"Query"}}') throw new Error(`answered ${status} ${body}`);
    return { clock, cpu: cpuSeconds(child.pid) };
  } finally {
    await child.stop();
  }
}

async function memoryRows(bench: Bench): Promise<Row[]> {
  const child = await startJanus(bench, { JANUS_DATA_DIR: await directoryWithUser(bench) });
  try {
    const idle = residentMebibytes(child.pid);
    const [login] = await logIn(child.address, 1);
    const request = graphqlRequest(ME_QUERY, authorization(login?.token ?? ""));
    const subject = await underLoad(bench, [child], await fixedPlan(child.address, [request], ME_ANSWER));
    const { memoryRequests, connections } = bench.options;
    const send = (share: number) =>
      subject.run({ time: TIME_LIMIT, requests: Math.ceil(memoryRequests * share), connections });
    bench.progress(`  ${memoryRequests} requests`);
    const first = await send(WARM_UP_SHARE);
    const before = residentMebibytes(child.pid);
    const last = await send(1 - WARM_UP_SHARE);
    const after = residentMebibytes(child.pid);
    const errors = first.errors + last.errors;
    const firstError = first.firstError || last.firstError;
    const sent = first.requests + last.requests;
    return [
      row("memory, idle after the start", single(idle), "MiB", { atMost: 120 }),
      { ...row(`memory after ${first.requests} requests`, single(before), "MiB"), errors, firstError },
      row(`memory after ${sent} requests`, single(after), "MiB"),
      { ...row("memory at the end, compared with that", single(after / before), "×", { atMost: FLAT }), errors },
    ];
  } finally {
    await child.stop();
  }
}

async function directoryWithUser(bench: Bench): Promise<string> {
  const directory = mkdtempSync(join(bench.directory, "memory-"));
  await prepareDatabase(`sqlite:${join(directory, "janus.sqlite")}`);
  return directory;
}

function single(value: number) {
  return spreadOf([value]);
}

function row(name: string, figure: Row["figure"], unit: Row["unit"], target?: Row["target"]): Row {
  return { name, figure, unit, errors: 0, ...(target && { target }) };
}
