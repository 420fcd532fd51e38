import type { AuthUser } from "../auth-user.js";
import { InvalidRefreshTokenError } from "../errors.js";
import type { RefreshToken } from "../sessions/refresh-token.js";
import { isRecord } from "../is-record.js";
import { HandlerError } from "../settings/handler-error.js";
import type { GetRefreshTokenHandler, RefreshTokenModel } from "../settings/handlers.js";
import type { ParsedRefreshToken, RefreshTokenCodec } from "../tokens/refresh-token-codec.js";
import type { Call } from "./call.js";
import type { IdentityLookup, KeptSession } from "./identity-lookup.js";

/** A refresh token that a client sent, with the live session that it belongs to. */
export interface PresentedToken<TUser extends AuthUser> {
  readonly session: RefreshToken;
  /** Whose session it is; null for nobody, undefined where nobody has looked. */
  readonly user: TUser | null | undefined;
  /** What the token is made of; null for one of another make, which only `getRefreshTokenHandler` understands. */
  readonly parts: ParsedRefreshToken | null;
}

/** Finds the session of a refresh token. */
export class RefreshTokenFinder<TUser extends AuthUser> {
  constructor(
    private readonly identities: IdentityLookup<TUser>,
    private readonly codec: RefreshTokenCodec,
    private readonly model: RefreshTokenModel,
  ) {}

  /** @throws InvalidRefreshTokenError if the token is forged, unknown or revoked: which of them is not told */
  async find(token: string, call: Call): Promise<PresentedToken<TUser>> {
    const parts = this.codec.parse(token);
    const kept = await this.keptOf(token, parts, call);
    if (!kept || kept.session.revoked) throw new InvalidRefreshTokenError();
    return { session: kept.session, user: kept.user, parts };
  }

  private keptOf(
    token: string,
    parts: ParsedRefreshToken | null,
    call: Call,
  ): KeptSession<TUser> | null | Promise<KeptSession<TUser> | null> {
    const { getRefreshTokenHandler } = call.settings;
    if (getRefreshTokenHandler) return this.askHandler(getRefreshTokenHandler, token, call);
    // A token with a wrong MAC is refused without asking the database.
    return parts && this.identities.findByHash(parts.hash);
  }

  private async askHandler(
    getRefreshTokenHandler: GetRefreshTokenHandler,
    token: string,
    call: Call,
  ): Promise<KeptSession<TUser> | null> {
    const found: unknown = await HandlerError.wrap("getRefreshTokenHandler", () =>
      getRefreshTokenHandler(this.model, token, call),
    );
    if (found === null) return null;
    if (isSession(found)) return { session: found };
    throw new HandlerError("getRefreshTokenHandler", "has to answer a refresh token entity or null");
  }
}

function isSession(value: unknown): value is RefreshToken {
  return (
    isRecord(value) &&
    typeof value["id"] === "string" &&
    typeof value["user"] === "string" &&
    Number.isInteger(value["generation"]) &&
    value["hash"] instanceof Uint8Array &&
    value["created"] instanceof Date &&
    value["rotated"] instanceof Date &&
    // Not left out: a session without it would never end.
    (value["revoked"] === null || value["revoked"] instanceof Date)
  );
}
