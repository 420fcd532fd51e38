/** One request, as it is before it gets a host. */
export interface RequestParts {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The same requests again and again, whose answer is known to the byte. */
export interface FixedPlan {
  readonly kind: "fixed";
  /** A connection sends one after the other, and begins again. */
  readonly requests: readonly RequestParts[];
  readonly status: number;
  readonly body: string;
}

/** The same request again and again, whose answers differ: each is JSON with a text at these places. */
export interface VaryingPlan {
  readonly kind: "varying";
  readonly request: RequestParts;
  /** Each a path such as `data.tokenAuth.token`. */
  readonly texts: readonly string[];
}

/** Each token is exchanged for its successor, which the answer has. A connection has tokens of its own, and takes turns. */
export interface ExchangePlan {
  readonly kind: "exchange";
  /** `TOKEN` in its body stands for the token. */
  readonly request: RequestParts;
  readonly tokens: readonly string[];
  /** Where the successor is in the answer. */
  readonly successor: string;
}

/** What the load generator sends, and what it expects. */
export type Plan = FixedPlan | VaryingPlan | ExchangePlan;

/** How much is sent, whichever comes first; requests are rounded up to one for each connection. */
export interface Amount {
  /** Milliseconds. */
  readonly time: number;
  readonly requests: number;
  readonly connections: number;
  /** Milliseconds between two requests of a connection; 0 sends the next one at once. */
  readonly pause?: number;
  /** Whether the generator never sleeps, so that no server has to wake it: for a generator that has its core to itself. */
  readonly awake?: boolean;
}

/** What came of it. */
export interface LoadFigures {
  readonly requests: number;
  /** Answers that were not what they had to be. */
  readonly errors: number;
  /** The first of those, in words; empty if there was none. */
  readonly firstError: string;
  /** Seconds from the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds from a request to its answer. */
  readonly p50: number;
  readonly p99: number;
}

/** What the load generator is asked to do: to learn a plan, or to send by it. */
export type LoadOrder =
  | { readonly learn: string; readonly plan: Plan }
  | { readonly send: string; readonly to: readonly string[]; readonly amount: Amount };
