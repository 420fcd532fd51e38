import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.js";
import { ask } from "../contender.js";
import { cpuSeconds } from "../processes/accounts.js";
import type { Row } from "../result.js";
import { spreadOf } from "../statistics.js";
import { graphqlRequest } from "../subject.js";
import { startJanus } from "./bundled-server.js";
import { FLAT, memoryRows } from "./memory.js";
import type { Scenario } from "./scenario.js";

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
        "A start may use all cores: nothing else runs meanwhile, and Node compiles and collects beside the main thread.",
        "It is from the call of `node` to the first GraphQL answer, on a database that is there; on a busy machine its CPU time says more.",
        `Memory is flat if after all requests it is at most ${FLAT} times that after the first tenth, each time after a forced collection of garbage. Requests: \`me\`, 50 connections unless told otherwise.`,
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
  const child = await bench.run({ arguments: ["-e", "console.log('ready')"], ready: /^ready/, core: undefined });
  const seconds = (performance.now() - started) / 1000;
  await child.stop();
  return seconds;
}

async function measureStart(bench: Bench, directory: string) {
  const started = performance.now();
  const child = await startJanus(bench, { JANUS_DATA_DIR: directory }, { core: undefined });
  try {
    const { status, body } = await ask(child.address, graphqlRequest("{ __typename }"));
    const clock = (performance.now() - started) / 1000;
    if (status !== 200 || body !== '{"data":{"__typename":"Query"}}') throw new Error(`answered ${status} ${body}`);
    return { clock, cpu: cpuSeconds(child.pid) };
  } finally {
    await child.stop();
  }
}

function row(name: string, figure: Row["figure"], unit: Row["unit"], target?: Row["target"]): Row {
  return { name, figure, unit, errors: 0, ...(target && { target }) };
}
