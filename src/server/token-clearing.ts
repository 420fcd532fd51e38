import { clearSessions } from "../auth/clear-sessions.js";
import { expiredSessions } from "../auth/expired-sessions.js";
import type { Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { MAX_DELAY, type SetTimer, unrefTimer } from "../timer.js";

/** Most rows that one turn deletes; the next turn goes on. */
const MAX_ROWS = 100_000;

export interface TokenClearingParts {
  readonly settings: JwtSettings;
  readonly refreshTokens: RefreshTokenRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** By default Node's, which keeps no process alive. */
  readonly setTimer?: SetTimer;
}

/**
 * `clear-tokens --expired` as a timer in the server (`clearTokensEvery`). Servers that share a database may all have it:
 * they do not wake together, and what one has deleted the others do not find.
 */
export class TokenClearing {
  private readonly stopping = new AbortController();
  private readonly setTimer: SetTimer;
  private cancel = (): void => {};
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: TokenClearingParts) {
    this.setTimer = parts.setTimer ?? unrefTimer;
  }

  /** Begins to wait, if the settings say for how long. */
  start(): void {
    const { clearTokensEvery } = this.parts.settings;
    if (clearTokensEvery === undefined || this.stopping.signal.aborted) return;
    const wake = () => {
      this.running = this.turn().finally(() => this.start());
    };
    this.cancel = this.setTimer(wake, jittered(clearTokensEvery * 1000));
  }

  /** Ends it. A turn that has begun finishes its batch first. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancel();
    await this.running;
  }

  /** Never rejects: a server goes on without its housekeeping. */
  private async turn(): Promise<void> {
    const { settings, refreshTokens, clock, logger } = this.parts;
    try {
      const ended = expiredSessions(settings, clock.now());
      const deleted = await clearSessions(refreshTokens, ended, { limit: MAX_ROWS, signal: this.stopping.signal });
      logger.info({ deleted }, "cleared refresh tokens");
    } catch (error) {
      logger.warn({ err: error }, "clearing refresh tokens failed");
    }
  }
}

/** From half to one and a half times as long: servers that were started together spread out. */
function jittered(milliseconds: number): number {
  return Math.min(milliseconds * (0.5 + Math.random()), MAX_DELAY);
}
