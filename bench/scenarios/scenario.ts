import type { Bench } from "../bench.js";
import type { Table } from "../result.js";

/** One question that the benchmark answers. */
export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  run(bench: Bench): Promise<Table>;
}
