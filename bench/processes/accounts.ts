import { readdirSync, readFileSync } from "node:fs";

/** Nanoseconds in a second. */
const SECOND = 1e9;

/** What each thread of a process had used at a time: nanoseconds of CPU, in user mode and in the kernel. */
export type CpuTimes = ReadonlyMap<string, number>;

/**
 * What the threads of a process have used so far. Linux only. The scheduler's own account is in nanoseconds;
 * `/proc/PID/stat` counts in hundredths of a second.
 */
export function cpuTimes(pid: number): CpuTimes {
  const threads = readdirSync(`/proc/${pid}/task`);
  return new Map(threads.flatMap((thread) => timeOf(pid, thread)));
}

/**
 * CPU seconds that a process has used, all its threads included, since these were its times; by default since its start. A
 * thread that has ended meanwhile takes its account with it: what it had used before was not used since.
 */
export function cpuSeconds(pid: number, since: CpuTimes = new Map()): number {
  const used = Array.from(cpuTimes(pid), ([thread, time]) => time - (since.get(thread) ?? 0));
  return used.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / SECOND;
}

/** Memory that a process holds now, in MiB: its resident set. Linux only. */
export function residentMebibytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) / 1024;
}

/** Nothing for a thread that ends while its account is opened. */
function timeOf(pid: number, thread: string): [string, number][] {
  try {
    const [time] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
    return [[thread, Number(time)]];
  } catch {
    return [];
  }
}
