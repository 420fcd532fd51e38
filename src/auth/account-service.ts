import type { AuthUser } from "../auth-user.js";
import { type Clock, numericDate } from "../clock.js";
import { InvalidPayloadError, NotSupportedError, SessionNotFoundError, UnauthenticatedError } from "../errors.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import type { AccountOperations, Viewer, Whose } from "./account-operations.js";
import type { ObtainedToken } from "./auth-operations.js";
import { type Call, eventContext } from "./call.js";
import type { AuthEvents } from "./events.js";
import type { PasswordCheck } from "./password-check.js";
import { assertAllowed } from "./rules.js";
import type { SessionInfo, SessionList } from "./session-list.js";
import type { TokenGrant } from "./token-grant.js";
import type { TokenIssuer } from "./token-issuer.js";
import type { Users } from "./users.js";

/** What the account service is built from. */
export interface AccountServiceParts<TUser extends AuthUser> {
  readonly settings: JwtSettings;
  readonly clock: Clock;
  readonly users: Users<TUser>;
  readonly passwords: PasswordCheck<TUser>;
  readonly events: AuthEvents;
  readonly issuer: TokenIssuer<TUser>;
  readonly grant: TokenGrant<TUser>;
  /** Undefined in single-token mode. */
  readonly sessionList: SessionList | undefined;
}

/** What people do with their own account: see and end sessions, change the password. */
export class AccountService<TUser extends AuthUser = AuthUser> implements AccountOperations {
  constructor(private readonly parts: AccountServiceParts<TUser>) {}

  async sessions(viewer: Viewer, whose: Whose): Promise<SessionInfo[]> {
    const key = await this.keyOf(viewer, whose);
    const { sessionList } = this;
    const user = await this.parts.users.find(key);
    if (!user) return []; // None of them can be refreshed any more.
    const validAfter = user.tokensValidAfter ?? null;
    return sessionList.list({ key, validAfter }, currentSession(viewer), this.call(viewer));
  }

  async revokeSession(viewer: Viewer, { id, user }: Whose & { id: string }): Promise<{ revoked: number }> {
    const call = this.call(viewer);
    const key = await this.keyOf(viewer, { user: user ?? null });
    if (!(await this.sessionList.revoke(key, id, call))) throw new SessionNotFoundError();
    return { revoked: numericDate(call.now) };
  }

  async revokeOtherSessions(viewer: Viewer): Promise<{ count: number }> {
    const user = await this.keyOf(viewer, {});
    const { sessionList } = this;
    const current = currentSession(viewer);
    if (current === undefined) throw new InvalidPayloadError("The access token does not name its session");
    return { count: await sessionList.revokeAll(user, this.call(viewer), current) };
  }

  async revokeAllSessions(viewer: Viewer, whose: Whose): Promise<{ count: number }> {
    const user = await this.keyOf(viewer, whose);
    return { count: await this.sessionList.revokeAll(user, this.call(viewer)) };
  }

  async setPassword(
    viewer: Viewer,
    { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
  ): Promise<ObtainedToken<TUser>> {
    const { clock, users, passwords, events, issuer, grant, sessionList } = this.parts;
    const key = await this.keyOf(viewer, {});
    issuer.assertCanIssue();
    const { user } = await passwords.again({ key, password: currentPassword }, this.call(viewer));
    await users.setPassword(user, newPassword, clock);
    const call = this.call(viewer); // Of a moment that is not before the change, as what it answers must not be.
    events.emit("passwordChanged", { user: key }, eventContext(call));
    // Afterwards: a login with the old password, which may have been under way, counts on it.
    await sessionList?.revokeAll(key, call);
    // What is answered is a login with the new password, which somebody else may have changed again.
    return grant.grant(await passwords.justSet({ key, password: newPassword }), call);
  }

  private call({ request }: Viewer): Call {
    return { settings: this.parts.settings, now: this.parts.clock.now(), request };
  }

  private get sessionList(): SessionList {
    if (!this.parts.sessionList) throw new NotSupportedError("long-running refresh tokens");
    return this.parts.sessionList;
  }

  /** The natural key of the user who is meant. Naming oneself is no privilege. */
  private async keyOf({ user }: Viewer, whose: Whose): Promise<string> {
    if (!user) throw new UnauthenticatedError();
    const own = this.parts.users.naturalKey(user);
    const meant = whose.user ?? own;
    if (meant !== own) await assertAllowed(user, ["staff"], { args: { user: meant }, root: undefined });
    return meant;
  }
}

function currentSession({ payload }: Viewer): string | undefined {
  return typeof payload?.sid === "string" ? payload.sid : undefined;
}
