import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Which cores the two sides of a measurement run on. */
export interface Cores {
  readonly server: number;
  readonly load: number;
  /** False where the machine has one core or no `taskset`: then nothing is pinned, and the report says so. */
  readonly pinned: boolean;
}

/** The first two cores that this process may run on. */
export function chooseCores(): Cores {
  const [server = 0, load] = allowedCores();
  return load !== undefined && hasTaskset() ? { server, load, pinned: true } : { server, load: server, pinned: false };
}

/** The command, held to a core where that can be done. */
export function pin(command: readonly string[], core: number, { pinned }: Cores): string[] {
  return pinned ? ["taskset", "-c", String(core), ...command] : [...command];
}

function allowedCores(): number[] {
  try {
    const [, list = ""] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return list.split(",").flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
  } catch {
    return [0];
  }
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
