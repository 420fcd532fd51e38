import { ServiceUnavailableError } from "../errors.js";
import type { Logger } from "../logger.js";
import { KeyRing } from "./key-ring.js";
import type { KeyStore } from "./key-store.js";
import type { TokenKey } from "./token-key.js";

/** How often keys are looked for, seconds of the clock. */
export interface ReloadTimes {
  /** After so long the next request has them read again. */
  readonly every: number;
  /** After so long a token with an unknown kid does, and after a failure every request. */
  readonly coolDown: number;
  /** For so long keys are good that could not be read again. */
  readonly keep: number;
}

export interface ReloadedKeysParts {
  /** What is read, for the log. */
  readonly place: string;
  /** Reads the text. */
  readonly read: () => Promise<string>;
  /** What the text says. */
  readonly parse: (text: string) => Promise<TokenKey[]>;
  readonly times: ReloadTimes;
  readonly logger: Logger;
  readonly warnings?: readonly string[];
}

/**
 * Keys that are read again while the process runs. There is no timer and no watcher: a request finds that it is time, so
 * that a mount over the network or a link that is exchanged is as good as a file. One request at a time waits for
 * it; what cannot be read leaves the last good keys in force.
 */
export class ReloadedKeys implements KeyStore {
  private text: string | undefined;
  private keys: readonly TokenKey[] | undefined;
  private ring: KeyRing | undefined;
  private version = 0;
  private tried = -Infinity;
  private confirmed = -Infinity;
  private failure: string | undefined;
  private loading: Promise<void> | undefined;

  constructor(private readonly parts: ReloadedKeysParts) {}

  get warnings(): readonly string[] {
    return this.parts.warnings ?? [];
  }

  get canSign(): boolean {
    return this.keys?.some(({ signing }) => signing !== undefined) ?? false;
  }

  async ringAt(now: Date): Promise<KeyRing> {
    const seconds = now.getTime() / 1000;
    if (this.isOld(seconds)) await this.load(seconds);
    else if (!this.keys) await this.loading;
    return this.ringOf(seconds);
  }

  ringNow(now: Date): KeyRing | undefined {
    const seconds = now.getTime() / 1000;
    return this.areGood(seconds) && !this.isOld(seconds) ? this.ringOf(seconds) : undefined;
  }

  async renewedRingAt(now: Date): Promise<KeyRing> {
    const seconds = now.getTime() / 1000;
    if (this.isDue(seconds, this.parts.times.coolDown)) await this.load(seconds);
    else await this.loading;
    return this.ringOf(seconds);
  }

  /**
   * Reads them for the first time.
   *
   * @throws what is wrong with them
   */
  async open(now: Date): Promise<void> {
    const seconds = now.getTime() / 1000;
    this.tried = seconds;
    await this.take(seconds);
    this.ringOf(seconds);
  }

  /** Also on a clock that was set back: nobody knows how long ago it was then. */
  private isDue(seconds: number, interval: number): boolean {
    return seconds < this.tried || seconds >= this.tried + interval;
  }

  /** Whether a request has to read them again. */
  private isOld(seconds: number): boolean {
    const { every, coolDown } = this.parts.times;
    return this.isDue(seconds, this.failure === undefined ? every : coolDown);
  }

  private load(seconds: number): Promise<void> {
    this.tried = seconds;
    this.loading ??= this.tryToTake(seconds).finally(() => (this.loading = undefined));
    return this.loading;
  }

  /** Never rejects: a server goes on with the keys that it has. */
  private async tryToTake(seconds: number): Promise<void> {
    const { logger, place } = this.parts;
    try {
      await this.take(seconds);
      if (this.failure !== undefined) logger.info({ place }, "the keys can be read again");
      this.failure = undefined;
    } catch (error) {
      const failure = error instanceof Error ? error.message : "unknown";
      if (failure !== this.failure)
        logger.error({ place, err: error }, "the keys cannot be read, the last good ones stay");
      this.failure = failure;
    }
  }

  private async take(seconds: number): Promise<void> {
    const { read, parse, logger, place } = this.parts;
    const text = await read();
    if (text !== this.text) {
      const keys = await parse(text);
      const isFirst = this.keys === undefined;
      [this.keys, this.text, this.ring] = [keys, text, undefined];
      if (!isFirst) logger.info({ place, kids: keys.map(({ kid }) => kid) }, "the keys have changed");
    }
    this.confirmed = seconds;
  }

  private areGood(seconds: number): boolean {
    return this.keys !== undefined && seconds < this.confirmed + this.parts.times.keep;
  }

  private ringOf(seconds: number): KeyRing {
    if (!this.keys || !this.areGood(seconds)) throw new ServiceUnavailableError();
    if (!this.ring?.isOf(seconds)) this.ring = new KeyRing(this.keys, seconds, (this.version += 1));
    return this.ring;
  }
}
