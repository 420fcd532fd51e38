import { TURNS } from "../compare.js";
import type { BenchOptions } from "../options.js";
import type { Cores } from "../processes/cores.js";
import type { Table } from "../result.js";
import type { Environment } from "./environment.js";
import { tableText } from "./markdown.js";

/** All that a run found. */
export interface Run {
  readonly environment: Environment;
  readonly options: BenchOptions;
  readonly cores: Cores;
  readonly tables: readonly Table[];
}

/** The report of a run, in Markdown. */
export function reportText({ environment, options, cores, tables }: Run): string {
  const facts = Object.entries({
    Date: environment.date,
    ...(environment.commit !== "" && { Commit: environment.commit }),
    ...environment.machine,
    Pinning: pinning(cores),
    Load: `${options.rounds} rounds of ${options.seconds} s for each, ${options.connections} connections unless a table says otherwise`,
  });
  const sections = [
    "# Benchmarks",
    "Written by `npm run bench`; see there for what each process does (`bench/`).",
    ...(options.noisy ? ["**A noisy run: other work was done on the machine meanwhile. Ratios are rough.**"] : []),
    HOW,
    factsTable("what", "value", facts),
    ...tables.map(tableText),
    "## Versions",
    factsTable("package", "version", Object.entries(environment.versions)),
  ];
  return `${sections.join("\n\n")}\n`;
}

const HOW = [
  `Every figure with \`×\` is a ratio measured in one run: in each round all contenders take ${TURNS} turns each, and each is`,
  "divided by the first row in the same round. Each round has new processes, which are warmed up first, but for logins",
  "with argon2id, the large tables and what is compared with better-auth, which keep theirs. What is divided is requests",
  "per CPU-second of the server process, all its threads included, since seconds of the clock depend on what else a",
  "machine does. Every answer is checked: those that are always alike to the byte, the others for what they have to hold.",
  "Latencies are those at full load, with all connections busy, where a table does not say otherwise. MariaDB is a",
  "private one that is not pinned; its log is written and not synchronised at each commit, the same for all. Where there",
  "is no database, the load generator never sleeps: to wake it is work that would be charged to the slower servers alone,",
  "since a faster one keeps it busy.",
].join("\n");

function pinning({ pinned, server, load }: Cores): string {
  return pinned ? `servers on core ${server}, load on core ${load}` : "none: one core, or no taskset";
}

function factsTable(first: string, second: string, facts: readonly (readonly [string, string])[]): string {
  return [`| ${first} | ${second} |`, "| --- | --- |", ...facts.map(([name, value]) => `| ${name} | ${value} |`)].join(
    "\n",
  );
}
