import { setTimeout } from "node:timers/promises";
import type { Bench } from "./bench.js";
import type { Contender, Subject } from "./contender.js";
import type { Amount } from "./load/plan.js";
import { cpuSeconds, cpuTimes } from "./processes/accounts.js";
import type { Row } from "./result.js";
import { merge, type Sample, sampleOf, summary } from "./sample.js";
import { ratios, spreadOf } from "./statistics.js";

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

/**
 * In how many pieces each contender takes its time of a round. What one has in a round is compared with what another one
 * has, and a machine that others use too becomes a third slower or faster within a minute: the shorter the pieces, the more
 * alike it falls on all.
 */
export const TURNS = 4;

/** By when the scheduler has counted the last work of a thread, milliseconds: it does so when it leaves its core, and each tick. */
const ACCOUNTED = 10;

interface Entry {
  readonly contender: Contender;
  /** In each round. */
  readonly amount: Amount;
  /** Its processes, while there are any. */
  subject: Subject | null;
  readonly samples: Sample[];
}

/**
 * Measures contenders in turn, several times in each round, so that whatever else the machine does falls on all of them
 * alike. The processes of a round are all there from its beginning, and have nothing to do when it is not their turn.
 *
 * @param contenders the first is what the others are compared with
 * @returns a row for each, the figure of which is the ratio to the first one in the same round
 */
export async function compare(
  bench: Bench,
  contenders: readonly Contender[],
  { measure = "perCpuSecond", awake = false, keepsProcesses = false }: Comparison = {},
): Promise<Row[]> {
  const entries: Entry[] = contenders.map((contender) => ({
    contender,
    amount: { ...bench.amount, ...(awake && bench.cores.pinned && { awake }), ...contender.amount },
    subject: null,
    samples: [],
  }));
  try {
    for (let round = 1; round <= bench.options.rounds; round += 1) {
      bench.progress(`  round ${round} of ${bench.options.rounds}`);
      for (const entry of entries) entry.subject ??= await begin(bench, entry);
      await takeTurns(entries);
      if (!keepsProcesses) await Promise.all(entries.map(end));
    }
  } finally {
    await Promise.all(entries.map(end));
  }
  const base = entries[0]?.samples ?? [];
  return entries.map((entry) => rowOf(entry, base, measure));
}

/** Starts a contender and warms it up: compilers need some thousand requests. */
async function begin(bench: Bench, { contender, amount }: Entry): Promise<Subject> {
  bench.progress(`    ${contender.name}`);
  const subject = await contender.start(bench);
  for (let warmUp = 0; warmUp < (contender.warmUps ?? 1); warmUp += 1) {
    const { errors, firstError } = await subject.run(amount);
    if (errors > 0) throw new Error(`${contender.name}: ${errors} wrong answers while it warmed up: ${firstError}`);
  }
  return subject;
}

/** One round. Every other turn goes the other way, so that nobody is always the last. */
async function takeTurns(entries: readonly Entry[]): Promise<void> {
  const pieces = new Map(entries.map((entry): [Entry, Sample[]] => [entry, []]));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const entry of turn % 2 === 0 ? entries : entries.toReversed()) {
      const { subject, amount } = entry;
      const piece = { ...amount, time: amount.time / TURNS, requests: Math.ceil(amount.requests / TURNS) };
      if (subject) pieces.get(entry)?.push(await sample(subject, piece));
    }
  }
  for (const [entry, taken] of pieces) entry.samples.push(merge(taken));
}

async function end(entry: Entry): Promise<void> {
  const children = entry.subject?.children ?? [];
  entry.subject = null;
  await Promise.all(children.map((child) => child.stop()));
}

/** Measures once. */
async function sample(subject: Subject, amount: Amount): Promise<Sample> {
  const before = subject.children.map(({ pid }) => ({ pid, times: cpuTimes(pid) }));
  const figures = await subject.run(amount);
  await setTimeout(ACCOUNTED);
  const seconds = before.reduce((sum, { pid, times }) => sum + cpuSeconds(pid, times), 0);
  return sampleOf(figures, seconds);
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
