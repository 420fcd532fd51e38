import { type AuthError, JsonWebTokenError, TokenExpiredError } from "../errors.js";

/** Why a person is logged out. */
export type LogoutReason =
  /** The access token has expired, and the connection was not renewed before. */
  | "EXPIRED"
  /** The session was ended. */
  | "REVOKED"
  | "PASSWORD_CHANGED"
  /** The user is not active any more, or gone. */
  | "USER_DISABLED"
  /** A refresh token that had been replaced came back: somebody has a copy. Another server process says `REVOKED`. */
  | "REPLAYED";

/** What `sessionEvents` tells a client. */
export interface SessionEvent {
  readonly type: "LOGGED_OUT";
  readonly reason: LogoutReason;
  /** Unix seconds. */
  readonly at: number;
}

/** Why a connection is over: its person is logged out, or somebody else's token was sent over it. */
export type EndReason = LogoutReason | "MISUSED";

/** What a client is told of an operation on a connection that is over. */
export function endError(reason: EndReason): AuthError {
  if (reason === "EXPIRED") return new TokenExpiredError("Token expired");
  return new JsonWebTokenError(reason === "MISUSED" ? "Invalid token" : "Session revoked");
}
