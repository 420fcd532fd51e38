import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.js";
import { summary } from "../sample.js";
import { fixedPlan, underLoad } from "../contender.js";
import { prepareDatabase } from "../databases.js";
import type { LoadFigures } from "../load/plan.js";
import { residentMebibytes } from "../processes/accounts.js";
import type { HeldMemory } from "../processes/held-memory.js";
import type { Row } from "../result.js";
import { spreadOf } from "../statistics.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY } from "../subject.js";
import { JANUS, logIn, startJanus } from "./bundled-server.js";

/** Shares of all requests after which memory is looked at; at the first of them code is compiled, and caches are filled. */
const LOOKS = [0.1, 0.5, 1];
/** What memory may grow by between the first look and the last one. */
export const FLAT = 1.1;
/** Longest time for the requests up to a look, milliseconds. */
const TIME_LIMIT = 1_800_000;

const PROBE = fileURLToPath(new URL("../processes/memory-probe.js", import.meta.url));

/** What a server holds: when it is idle, and after very many requests. */
export async function memoryRows(bench: Bench): Promise<Row[]> {
  const directory = await directoryWithUser(bench);
  return [await idleRow(bench, directory), ...(await growthRows(bench, directory))];
}

/** As it is started in life. */
async function idleRow(bench: Bench, directory: string): Promise<Row> {
  const held: number[] = [];
  for (let round = 1; round <= bench.options.rounds; round += 1) {
    const child = await startJanus(bench, { JANUS_DATA_DIR: directory });
    held.push(residentMebibytes(child.pid));
    await child.stop();
  }
  return { ...row("memory, idle after the start", held, "MiB"), target: { atMost: 120 } };
}

/** With a probe in the process, that collects garbage before it looks. */
async function growthRows(bench: Bench, directory: string): Promise<Row[]> {
  const program = { arguments: ["--expose-gc", "--import", PROBE, ...JANUS], channel: true };
  const child = await startJanus(bench, { JANUS_DATA_DIR: directory }, program);
  try {
    const [login] = await logIn(child.address, 1);
    const request = graphqlRequest(ME_QUERY, authorization(login?.token ?? ""));
    const subject = await underLoad(bench, [child], await fixedPlan(child.address, [request], ME_ANSWER));
    const { memoryRequests, connections } = bench.options;
    const looks: Look[] = [];
    for (const [index, share] of LOOKS.entries()) {
      const requests = Math.ceil(memoryRequests * (share - (LOOKS[index - 1] ?? 0)));
      bench.progress(`  ${requests} requests`);
      const figures = await subject.run({ time: TIME_LIMIT, requests, connections });
      looks.push({ figures, held: await child.ask<HeldMemory>({}) });
    }
    return [...lookRows(looks), flatRow("heap", looks), flatRow("resident", looks)];
  } finally {
    await child.stop();
  }
}

/** Memory, and the requests since the look before. */
interface Look {
  readonly figures: LoadFigures;
  readonly held: HeldMemory;
}

const KINDS = { heap: "heap", resident: "resident set" } as const;

function lookRows(looks: readonly Look[]): Row[] {
  return looks.flatMap(({ figures, held }, index) => {
    const { requests, errors, firstError } = summary(looks.slice(0, index + 1).map((look) => look.figures));
    const name = (kind: keyof HeldMemory) => `${KINDS[kind]} after ${requests} requests, garbage collected`;
    return [
      { ...row(name("heap"), [held.heap], "MiB"), errors, firstError, p99: figures.p99 },
      { ...row(name("resident"), [held.resident], "MiB"), errors, firstError },
    ];
  });
}

function flatRow(kind: keyof HeldMemory, looks: readonly Look[]): Row {
  const { errors } = summary(looks.map(({ figures }) => figures));
  const [first, last] = [looks.at(0), looks.at(-1)];
  const growth = (last?.held[kind] ?? NaN) / (first?.held[kind] ?? NaN);
  return {
    ...row(`${KINDS[kind]} at the end, compared with the first look`, [growth], "×"),
    errors,
    target: { atMost: FLAT },
  };
}

async function directoryWithUser(bench: Bench): Promise<string> {
  const directory = mkdtempSync(join(bench.directory, "memory-"));
  await prepareDatabase(`sqlite:${join(directory, "janus.sqlite")}`);
  return directory;
}

function row(name: string, values: readonly number[], unit: Row["unit"]): Row {
  return { name, figure: spreadOf(values), unit, errors: 0 };
}
