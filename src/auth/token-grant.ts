import type { AuthUser } from "../auth-user.js";
import { numericDate } from "../clock.js";
import { InvalidCredentialsError } from "../errors.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { ObtainedToken } from "./auth-operations.js";
import { type Call, eventContext } from "./call.js";
import type { AuthEvents } from "./events.js";
import type { ProvenUser } from "./proven-user.js";
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

  /** @throws InvalidCredentialsError if the password was changed, or the user made inactive, since it was looked at */
  async grant(proven: ProvenUser<TUser>, call: Call): Promise<ObtainedToken<TUser>> {
    const { user } = proven;
    const naturalKey = this.users.naturalKey(user);
    const opened = this.refreshTokens && (await openFor(proven, naturalKey, this.refreshTokens, call));
    const issued = this.issuer.issue(user, call, opened ? { sessionId: opened.session.id } : {});
    const { token, payload } = issued instanceof Promise ? await issued : issued;
    this.events.emit("tokenIssued", { user: naturalKey, session: opened?.session.id }, eventContext(call));
    return { token, payload, user, ...(opened ? refreshFields(opened) : singleTokenFields(payload, call)) };
  }
}

/**
 * Whoever changes a password ends all sessions afterwards. The user is looked at once more when the session is there, and not
 * before: then either it is among those that are ended, or the change is seen here, whatever the clocks say.
 */
async function openFor<TUser extends AuthUser>(
  proven: ProvenUser<TUser>,
  naturalKey: string,
  refreshTokens: RefreshTokens<TUser>,
  call: Call,
): Promise<OpenSession> {
  const opened = await refreshTokens.open(naturalKey, call);
  if (await proven.isCurrent()) return opened;
  await refreshTokens.end(opened.session, call);
  throw new InvalidCredentialsError();
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
