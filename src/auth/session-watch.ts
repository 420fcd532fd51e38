import type { Logger } from "../logger.js";
import type { SetTimer } from "../timer.js";

/** How long a connection may outlive its session that another server process has ended, milliseconds, beside the query. */
export const WATCH_INTERVAL = 5_000;

/** Connections that one statement asks for, as many as a batch of look-ups has; more wait for the answer of the one before. */
export const WATCH_BATCH = 64;

/** Something that may have come to its end without this process having heard of it. */
export interface Watched {
  /** @throws ServiceUnavailableError */
  check(): Promise<void>;
}

export interface SessionWatchParts {
  readonly setTimer: SetTimer;
  readonly logger: Logger;
  /** What there is to look at now. Each connection that is opened or closed asks for the first one alone. */
  readonly watched: () => Iterable<Watched>;
}

/**
 * Looks now and then at the sessions and users of all open connections: another server process may have ended them. While
 * the database is away connections go on, until their tokens expire.
 */
export class SessionWatch {
  private cancel: (() => void) | undefined;
  private isAway = false;

  constructor(private readonly parts: SessionWatchParts) {}

  /** Goes on if there is anything to look at, and rests if not. */
  stir(): void {
    const [first] = this.parts.watched();
    const isIdle = first === undefined;
    if (isIdle) this.cancel?.();
    if (isIdle) this.cancel = undefined;
    else this.cancel ??= this.parts.setTimer(() => void this.turn(), jittered(WATCH_INTERVAL));
  }

  /** Never rejects. */
  private async turn(): Promise<void> {
    try {
      await this.checkAll();
      this.isAway = false;
    } catch (error) {
      // Once for an outage, not for each turn of it.
      if (!this.isAway) this.parts.logger.warn({ err: error }, "open connections cannot be checked");
      this.isAway = true;
    }
    this.cancel = undefined;
    this.stir();
  }

  /** The lookups of one tick become one statement; those of the next batch wait, or they would hold up requests. */
  private async checkAll(): Promise<void> {
    const watched = [...this.parts.watched()];
    for (let start = 0; start < watched.length; start += WATCH_BATCH) {
      await Promise.all(watched.slice(start, start + WATCH_BATCH).map((each) => each.check()));
    }
  }
}

/** From half as long on: servers that were started together spread out. */
function jittered(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}
