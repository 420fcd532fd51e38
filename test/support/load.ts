import { LoadClient } from "./load-client.js";
import { until } from "./until.js";

/** Milliseconds. */
const LIMIT = 60_000;

/** What a run came to. */
export interface LoadFigures {
  readonly tokens: number;
  readonly unavailable: number;
  readonly lost: number;
  readonly cut: number;
  /** Milliseconds of the slowest request. */
  readonly longest: number;
}

/** Clients that log in, refresh and use their tokens, all the time. */
export class Load {
  readonly clients: readonly LoadClient[];
  readonly #stop = new AbortController();
  readonly #runs: Promise<unknown>;
  #failure: Error | undefined;

  /** @param servers their addresses; clients begin at different ones */
  constructor(servers: readonly string[], usernames: readonly string[]) {
    this.clients = usernames.map((username, index) => new LoadClient(servers, username, index));
    this.#runs = Promise.all(this.clients.map((client) => this.#run(client)));
  }

  /** Waits until every client has been given so many more tokens. */
  async advance(count: number): Promise<void> {
    const before = this.clients.map(({ tokens }) => tokens);
    await this.#until(() => this.clients.every(({ tokens }, index) => tokens >= (before[index] ?? 0) + count));
  }

  /** Waits until every client has been told once more that the service is unavailable. */
  async outage(): Promise<void> {
    const before = this.clients.map(({ unavailable }) => unavailable);
    await this.#until(() => this.clients.every(({ unavailable }, index) => unavailable > (before[index] ?? 0)));
  }

  /**
   * Stops the clients, and lets each exchange the last token that it was given.
   *
   * @throws Error if a client was refused anything, now or before
   */
  async end(): Promise<LoadFigures> {
    this.#stop.abort();
    await this.#runs;
    this.#assertWell();
    await Promise.all(this.clients.map((client) => client.refresh()));
    const sum = (key: Exclude<keyof LoadFigures, "longest">) =>
      this.clients.reduce((total, client) => total + client[key], 0);
    const longest = Math.round(Math.max(...this.clients.map((client) => client.longest)));
    return {
      tokens: sum("tokens"),
      unavailable: sum("unavailable"),
      lost: sum("lost"),
      cut: sum("cut"),
      longest,
    };
  }

  async #run(client: LoadClient): Promise<void> {
    try {
      await client.run(this.#stop.signal);
    } catch (error) {
      this.#failure ??= error as Error;
    }
  }

  async #until(holds: () => boolean): Promise<void> {
    try {
      await until(() => this.#failure !== undefined || holds(), LIMIT);
      this.#assertWell();
    } catch (error) {
      this.#stop.abort(); // The test ends here, and nobody would stop them.
      throw error;
    }
  }

  #assertWell(): void {
    if (this.#failure) throw this.#failure;
  }
}
