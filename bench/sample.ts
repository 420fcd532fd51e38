import type { LoadFigures } from "./load/plan.js";
import { medianOf } from "./statistics.js";

/** One measurement of one contender. */
export interface Sample extends LoadFigures {
  /** Of all its processes. */
  readonly cpuSeconds: number;
  /** Requests per CPU-second. */
  readonly perCpuSecond: number;
  /** Requests per second of the clock. */
  readonly perSecond: number;
}

/** @param cpuSeconds what the processes have used for it */
export function sampleOf(figures: LoadFigures, cpuSeconds: number): Sample {
  const { requests, seconds } = figures;
  return { ...figures, cpuSeconds, perCpuSecond: requests / cpuSeconds, perSecond: requests / seconds };
}

/**
 * Several measurements as one: of the same contender, one after the other. Its latencies are the medians of theirs.
 *
 * @throws RangeError for none
 */
export function merge(samples: readonly Sample[]): Sample {
  const total = (of: (sample: Sample) => number) => samples.reduce((sum, sample) => sum + of(sample), 0);
  const seconds = total((sample) => sample.seconds);
  return sampleOf(
    { ...summary(samples), seconds },
    total((sample) => sample.cpuSeconds),
  );
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
