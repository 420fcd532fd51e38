import { parseArgs } from "node:util";

/** How much is measured. */
export interface BenchOptions {
  /** Names of scenarios; empty for all. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Seconds of load for each contender in each round. */
  readonly seconds: number;
  /** Most requests for each contender in each round. */
  readonly requests: number;
  readonly connections: number;
  /** Different access tokens of the user. */
  readonly tokens: number;
  /** Rows of the large table of sessions. */
  readonly sessions: number;
  /** Requests over which memory has to stay flat. */
  readonly memoryRequests: number;
  /** Where the report goes; empty for nowhere. */
  readonly report: string;
  /** Where the raw results go. */
  readonly json: string | undefined;
  /** Where the servers' CPU profiles go. */
  readonly cpuProfiles: string | undefined;
  /** Marks the report: others used the machine meanwhile. */
  readonly noisy: boolean;
}

const REPORT = "docs/benchmarks.md";

const FLAGS = {
  only: { type: "string", multiple: true },
  rounds: { type: "string", default: "3" },
  seconds: { type: "string", default: "4" },
  requests: { type: "string", default: "1000000000" },
  connections: { type: "string", default: "50" },
  tokens: { type: "string", default: "1" },
  sessions: { type: "string", default: "10000000" },
  "memory-requests": { type: "string", default: "1000000" },
  report: { type: "string" },
  "cpu-prof": { type: "string" },
  json: { type: "string" },
  noisy: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

export const USAGE = `npm run bench -- [options]
  --only NAME            a scenario; may stand several times
  --rounds N             measurements of each contender, interleaved (3)
  --seconds N            length of each (4)
  --requests N           most requests of each
  --connections N        50
  --tokens N             different access tokens of the one user (1)
  --sessions N           rows of the large table (10000000)
  --memory-requests N    requests over which memory has to stay flat (1000000)
  --report FILE          docs/benchmarks.md, or none with --only
  --json FILE            raw results
  --cpu-prof DIR         CPU profiles of the servers, for Chrome's developer tools; figures are then lower
  --noisy                marks the report: the machine was busy with other things`;

/** @throws TypeError or RangeError that says what is wrong with the arguments; undefined where help is asked for */
export function readOptions(args: readonly string[], scenarios: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.help) return undefined;
  const only = (values.only ?? []).flatMap((names) => names.split(","));
  const unknown = only.filter((name) => !scenarios.includes(name));
  if (unknown.length > 0) throw new RangeError(`No scenario ${unknown.join(", ")}: there are ${scenarios.join(", ")}`);
  return {
    only,
    rounds: count("rounds", values.rounds),
    seconds: positive("seconds", values.seconds),
    requests: count("requests", values.requests),
    connections: count("connections", values.connections),
    tokens: count("tokens", values.tokens),
    sessions: count("sessions", values.sessions),
    memoryRequests: count("memory-requests", values["memory-requests"]),
    report: values.report ?? (only.length === 0 ? REPORT : ""),
    json: values.json,
    cpuProfiles: values["cpu-prof"],
    noisy: values.noisy,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`--${name} must be a number above 0`);
  return value;
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new RangeError(`--${name} must be a whole number above 0`);
  return Number(text);
}
