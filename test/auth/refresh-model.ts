/** What a refresh token is, as far as the model knows: the how-many-th of which session. */
export interface ModelToken {
  readonly session: number;
  readonly generation: number;
}

export interface ModelSession {
  readonly created: number;
  rotated: number;
  generation: number;
  live: boolean;
}

/** All durations and times in milliseconds, but compared in whole seconds where clients are told whole seconds. */
export interface ModelSettings {
  readonly rotation: boolean;
  readonly grace: number;
  readonly delta: number;
  readonly absolute: number;
}

type Refusal = "INVALID_REFRESH_TOKEN" | "REFRESH_TOKEN_EXPIRED";

const seconds = (time: number): number => Math.floor(time / 1000);

/** What refresh tokens are supposed to do, without a database, a MAC or a race. */
export class RefreshModel {
  readonly sessions: ModelSession[] = [];

  constructor(private readonly settings: ModelSettings) {}

  login(now: number): ModelToken {
    this.sessions.push({ created: now, rotated: now, generation: 0, live: true });
    return { session: this.sessions.length - 1, generation: 0 };
  }

  refresh(token: ModelToken, now: number, wanted: boolean): ModelToken | Refusal {
    const { rotation, delta, absolute } = this.settings;
    const session = this.of(token);
    const start = rotation ? session.rotated : session.created;
    const over = (from: number, lifetime: number) => seconds(now) > seconds(from) + seconds(lifetime);
    if (session.live && (over(start, delta) || over(session.created, absolute))) return "REFRESH_TOKEN_EXPIRED";
    if (!this.isGood(token, now)) return "INVALID_REFRESH_TOKEN";
    if (!rotation || !wanted) return token;
    if (token.generation === session.generation)
      Object.assign(session, { generation: session.generation + 1, rotated: now });
    return { ...token, generation: token.generation + 1 };
  }

  revoke(token: ModelToken, now: number): "revoked" | Refusal {
    if (!this.isGood(token, now)) return "INVALID_REFRESH_TOKEN";
    this.of(token).live = false;
    return "revoked";
  }

  /** Whether a token may be used; one that had been replaced for longer than the grace period ends its session. */
  private isGood(token: ModelToken, now: number): boolean {
    const { generation } = token;
    const session = this.of(token);
    const { grace } = this.settings;
    const inGrace = generation === session.generation - 1 && grace > 0 && now - session.rotated < grace;
    if (generation !== session.generation && !inGrace) session.live = false;
    return session.live;
  }

  of(token: ModelToken): ModelSession {
    const session = this.sessions[token.session];
    if (!session) throw new Error("no such session");
    return session;
  }
}
