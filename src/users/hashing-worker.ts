// What a thread that hashes runs. It is given batches, and answers each at once: whoever waits for its answers is woken
// once for all of them.
import { getPriority, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";

import { hashSync, type Options, verifySync } from "@node-rs/argon2";

/** One hash to compute. */
export type HashJob =
  | { readonly kind: "hash"; readonly password: string; readonly options: Options }
  | { readonly kind: "verify"; readonly password: string; readonly passwordHash: string };

/** What came of a job: the hash, or whether the password was the one; or why there is no answer. */
export type HashOutcome = { readonly value: string | boolean } | { readonly error: unknown };

/**
 * Where a core is short, all but a thirtieth of it goes to those who wait for something else than a login. A lower one
 * would keep logins waiting for good where something else fills the cores.
 */
const NICENESS = 15;

// Linux alone knows a priority of a thread; elsewhere it would be that of the process. None may be made higher.
if (process.platform === "linux" && getPriority() < NICENESS) setPriority(NICENESS);

parentPort?.on("message", (jobs: readonly HashJob[]) => parentPort?.postMessage(jobs.map(outcomeOf), []));

function outcomeOf(job: HashJob): HashOutcome {
  try {
    return { value: compute(job) };
  } catch (error) {
    return { error };
  }
}

function compute(job: HashJob): string | boolean {
  return job.kind === "hash" ? hashSync(job.password, job.options) : verifySync(job.passwordHash, job.password);
}
