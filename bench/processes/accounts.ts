import { readdirSync, readFileSync } from "node:fs";

/** Nanoseconds in a second. */
const SECOND = 1e9;

/**
 * CPU seconds that a process has used so far, in user mode and in the kernel, those of its threads included. Linux only.
 * The scheduler's own account is in nanoseconds; `/proc/PID/stat` counts in hundredths of a second.
 */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const used = threads.map((thread) => Number(accountOf(pid, thread).split(" ")[0]));
  return used.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / SECOND;
}

/** Memory that a process holds now, in MiB: its resident set. Linux only. */
export function residentMebibytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) / 1024;
}

/** A thread may end while its account is opened. */
function accountOf(pid: number, thread: string): string {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8");
  } catch {
    return "0";
  }
}
