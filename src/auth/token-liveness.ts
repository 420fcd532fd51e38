import type { AuthUser } from "../auth-user.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import type { KeptIdentity } from "./identity-lookup.js";
import type { LogoutReason } from "./logout.js";
import type { LongRunning } from "./long-running.js";
import { isStale, issuedAt, type Users } from "./users.js";

/** Whom a token was accepted for; without a payload, whom the host application has authenticated itself. */
export interface AcceptedIdentity {
  readonly user: AuthUser;
  readonly payload: JwtPayload | null;
}

/** Whether what was accepted once is still good: what a request with the same token would be told now. */
export interface Liveness {
  /** The user as they are now, or why they are logged out. Expiry is not looked at. @throws ServiceUnavailableError */
  check(identity: AcceptedIdentity): Promise<AuthUser | LogoutReason>;
}

/** Asks the user directory, and the sessions where the token names one. Lookups of one tick are batched as those of requests. */
export class TokenLiveness<TUser extends AuthUser> implements Liveness {
  constructor(
    private readonly settings: JwtSettings,
    private readonly users: Users<TUser>,
    /** Undefined in single-token mode. */
    private readonly longRunning: LongRunning<TUser> | undefined,
  ) {}

  async check({ user: accepted, payload }: AcceptedIdentity): Promise<AuthUser | LogoutReason> {
    const naturalKey = payload ? await this.users.naturalKeyOf(payload) : this.users.naturalKey(accepted);
    const sid = typeof payload?.sid === "string" ? payload.sid : undefined;
    const { user, session } = await this.find(naturalKey, sid);
    if (!user?.isActive) return "USER_DISABLED";
    if (payload && isStale(user, issuedAt(payload, this.settings))) return "PASSWORD_CHANGED";
    // A row that is gone was ended, and cleared away since.
    const isLive = session?.user === this.users.naturalKey(user) && !session.revoked;
    return this.longRunning && sid !== undefined && !isLive ? "REVOKED" : user;
  }

  private async find(naturalKey: string, sid: string | undefined): Promise<KeptIdentity<TUser>> {
    if (this.longRunning && sid !== undefined) return this.longRunning.identities.find(naturalKey, sid);
    return { user: (await this.users.find(naturalKey)) ?? null, session: null };
  }
}
