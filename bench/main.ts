// `npm run bench`: measures Janus beside what people would pick instead, and writes the report.
import { mkdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import { Bench, hasContenders } from "./bench.js";
import { type BenchOptions, readOptions, USAGE } from "./options.js";
import { stopChildren } from "./processes/child.js";
import { readEnvironment } from "./report/environment.js";
import { tableText } from "./report/markdown.js";
import { reportText, type Run } from "./report/report.js";
import type { Table } from "./result.js";
import { SCENARIOS } from "./scenarios/index.js";

const progress = (line: string) => void process.stderr.write(`${line}\n`);

/** Characters. */
const LONGEST_FAILURE = 4_000;

// What was started is ended, and what was written deleted, when the process exits.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    void stopChildren(); // The signals to them are sent before the exit.
    process.exit(128 + constants.signals[signal]);
  });
}

if (!hasContenders()) progress("Contenders are not installed: only Janus and the floors are measured.");
await measure(readOptionsOrExit()).catch((error: unknown) => {
  // The beginning says it; errors of databases have whole statements behind it.
  progress((error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, LONGEST_FAILURE));
  process.exit(1);
});

async function measure(options: BenchOptions): Promise<void> {
  const bench = new Bench(options, progress);
  try {
    const tables: Table[] = [];
    for (const scenario of SCENARIOS.filter(({ name }) => options.only.length === 0 || options.only.includes(name))) {
      progress(scenario.name);
      const table = await scenario.run(bench);
      console.log(`\n${tableText(table)}\n`);
      tables.push(table);
    }
    write({ environment: readEnvironment(), options, cores: bench.cores, tables });
    if (tables.some(({ rows }) => rows.some(({ errors }) => errors > 0))) process.exitCode = 1;
  } finally {
    await bench.stop();
  }
}

function write(run: Run): void {
  const { report, json } = run.options;
  const files: [string | undefined, string][] = [
    [report, reportText(run)],
    [json, `${JSON.stringify(run, null, 2)}\n`],
  ];
  for (const [file, text] of files) {
    if (!file) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    progress(`written: ${file}`);
  }
}

function readOptionsOrExit(): BenchOptions {
  try {
    const names = SCENARIOS.map(({ name }) => name);
    const given = readOptions(process.argv.slice(2), names);
    if (given) return given;
    console.log(`${USAGE}\n\nScenarios: ${names.join(", ")}`);
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
