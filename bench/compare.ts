import { setTimeout } from "node:timers/promises";
import type { Bench } from "./bench.js";
import type { Contender, Subject } from "./contender.js";
import type { Amount, LoadFigures } from "./load/plan.js";
import { cpuSeconds, cpuTimes } from "./processes/accounts.js";
import type { Row } from "./result.js";
import { medianOf, ratios, spreadOf } from "./statistics.js";

/** One measurement of one contender. */
export interface Sample extends LoadFigures {
  /** Of all its processes. */
  readonly cpuSeconds: number;
  /** Requests per CPU-second. */
  readonly perCpuSecond: number;
  /** Requests per second of the clock. */
  readonly perSecond: number;
}

export type Measure = "perCpuSecond" | "perSecond";

/** How contenders are compared. */
export interface Comparison {
  /** By default requests per CPU-second. */
  readonly measure?: Measure;
  /** Whether the load generator never sleeps: where nobody but it needs its core. */
  readonly awake?: boolean;
  /**
   * Whether a contender's processes stay for all rounds: where it takes long to start them, or to warm them up. By default
   * each round has new ones. Of one program, one process is up to a tenth slower than the next, by what V8 made of it.
   */
  readonly keepsProcesses?: boolean;
}

/** By when the scheduler has counted the last work of a thread, milliseconds: it does so when it leaves its core, and each tick. */
const ACCOUNTED = 10;

interface Entry {
  readonly contender: Contender;
  /** Its processes, while there are any. */
  subject: Subject | null;
  readonly samples: Sample[];
}

/**
 * Measures contenders in turn, round by round, so that whatever else the machine does falls on all of them alike.
 *
 * @param contenders the first is what the others are compared with
 * @returns a row for each, the figure of which is the ratio to the first one in the same round
 */
export async function compare(
  bench: Bench,
  contenders: readonly Contender[],
  { measure = "perCpuSecond", awake = false, keepsProcesses = false }: Comparison = {},
): Promise<Row[]> {
  const entries: Entry[] = contenders.map((contender) => ({ contender, subject: null, samples: [] }));
  const amountOf = ({ amount }: Contender): Amount => ({
    ...bench.amount,
    ...(awake && bench.cores.pinned && { awake }),
    ...amount,
  });
  try {
    for (let round = 1; round <= bench.options.rounds; round += 1) {
      bench.progress(`  round ${round} of ${bench.options.rounds}`);
      for (const entry of entries) {
        const amount = amountOf(entry.contender);
        entry.subject ??= await begin(bench, entry.contender, amount);
        entry.samples.push(await sample(entry.subject, amount));
        if (!keepsProcesses) await end(entry);
      }
    }
  } finally {
    await Promise.all(entries.map(end));
  }
  const base = entries[0]?.samples ?? [];
  return entries.map((entry) => rowOf(entry, base, measure));
}

/** Starts a contender and warms it up: compilers need some thousand requests. */
async function begin(bench: Bench, contender: Contender, amount: Amount): Promise<Subject> {
  bench.progress(`    ${contender.name}`);
  const subject = await contender.start(bench);
  for (let warmUp = 0; warmUp < (contender.warmUps ?? 1); warmUp += 1) {
    const { errors, firstError } = await subject.run(amount);
    if (errors > 0) throw new Error(`${contender.name}: ${errors} wrong answers while it warmed up: ${firstError}`);
  }
  return subject;
}

async function end(entry: Entry): Promise<void> {
  const children = entry.subject?.children ?? [];
  entry.subject = null;
  await Promise.all(children.map((child) => child.stop()));
}

/** Measures once. */
export async function sample(subject: Subject, amount: Amount): Promise<Sample> {
  const before = subject.children.map(({ pid }) => ({ pid, times: cpuTimes(pid) }));
  const figures = await subject.run(amount);
  await setTimeout(ACCOUNTED);
  const seconds = before.reduce((sum, { pid, times }) => sum + cpuSeconds(pid, times), 0);
  const { requests } = figures;
  return {
    ...figures,
    cpuSeconds: seconds,
    perCpuSecond: requests / seconds,
    perSecond: requests / figures.seconds,
  };
}

function rowOf({ contender, samples }: Entry, base: readonly Sample[], measure: Measure): Row {
  const values = (of: readonly Sample[]) => of.map((one) => one[measure]);
  return {
    name: contender.name,
    figure: spreadOf(ratios(values(samples), values(base))),
    unit: "×",
    ...summary(samples),
    ...(contender.target && { target: contender.target }),
    samples,
  };
}

/** Latencies and errors of several measurements. */
export function summary(samples: readonly LoadFigures[]) {
  return {
    p50: medianOf(samples.map(({ p50 }) => p50)),
    p99: medianOf(samples.map(({ p99 }) => p99)),
    requests: samples.reduce((sum, { requests }) => sum + requests, 0),
    errors: samples.reduce((sum, { errors }) => sum + errors, 0),
    firstError: samples.find(({ errors }) => errors > 0)?.firstError ?? "",
  };
}
