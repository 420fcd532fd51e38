import type { AuthUser } from "../auth-user.js";
import { numericDate } from "../clock.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { ObtainedToken } from "./auth-operations.js";
import { type Call, eventContext } from "./call.js";
import type { AuthEvents } from "./events.js";
import type { OpenSession, RefreshTokens } from "./refresh-tokens.js";
import type { TokenIssuer } from "./token-issuer.js";
import type { Users } from "./users.js";

/** What a refresh hands out beside the access token. */
export type RefreshFields = Pick<ObtainedToken<AuthUser>, "refreshToken" | "refreshIssuedAt" | "refreshExpiresIn">;

/** Gives a user who has proved who they are everything to go on with: a session, where there are sessions, and a token. */
export class TokenGrant<TUser extends AuthUser> {
  constructor(
    private readonly users: Users<TUser>,
    private readonly issuer: TokenIssuer<TUser>,
    private readonly events: AuthEvents,
    private readonly refreshTokens: RefreshTokens<TUser> | undefined,
  ) {}

  async grant(user: TUser, call: Call): Promise<ObtainedToken<TUser>> {
    const naturalKey = this.users.naturalKey(user);
    const opened = this.refreshTokens && (await this.refreshTokens.open(naturalKey, call));
    const issued = this.issuer.issue(user, call, opened ? { sessionId: opened.session.id } : {});
    const { token, payload } = issued instanceof Promise ? await issued : issued;
    this.events.emit("tokenIssued", { user: naturalKey, session: opened?.session.id }, eventContext(call));
    return { token, payload, user, ...(opened ? refreshFields(opened) : singleTokenFields(payload, call)) };
  }
}

/** Of a session's refresh token. */
export function refreshFields({ refreshToken, refreshExpiresIn, refreshIssuedAt }: OpenSession): RefreshFields {
  return { refreshToken, refreshExpiresIn, refreshIssuedAt };
}

/** Of an access token that will be exchanged itself. */
export function singleTokenFields(payload: JwtPayload, { settings, now }: Call): RefreshFields {
  // Of a token that somebody else signed, `origIat` may have a fraction.
  const refreshIssuedAt = Math.floor(payload.origIat ?? numericDate(now));
  return { refreshIssuedAt, refreshExpiresIn: refreshIssuedAt + settings.refreshExpirationDelta };
}
