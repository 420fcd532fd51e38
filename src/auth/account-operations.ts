import type { AuthUser } from "../auth-user.js";
import type { RequestInfo } from "../request-info.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { ObtainedToken } from "./auth-operations.js";
import type { SessionInfo } from "./session-list.js";

/** Who asks. The context of a request fits. */
export interface Viewer {
  readonly user: AuthUser | null;
  readonly payload: JwtPayload | null;
  readonly request: RequestInfo | undefined;
}

/** Whose sessions are meant: the viewer's own, or, for staff, those of the user with this natural key. */
export interface Whose {
  readonly user?: string | null;
}

/**
 * What people do with their own account. All of it throws UnauthenticatedError for an anonymous viewer, ForbiddenError
 * for one who names another user and is not staff, and NotSupportedError where the server has no sessions.
 */
export interface AccountOperations {
  /** The live sessions, the latest used first. */
  sessions(viewer: Viewer, whose: Whose): Promise<SessionInfo[]>;

  /**
   * Ends one session.
   *
   * @returns when, in Unix seconds
   * @throws SessionNotFoundError if it is not a live one of that user
   */
  revokeSession(viewer: Viewer, session: Whose & { id: string }): Promise<{ revoked: number }>;

  /**
   * Ends all sessions of the viewer but the one that asks.
   *
   * @returns how many
   * @throws InvalidPayloadError if the access token does not name its session (`sid`)
   */
  revokeOtherSessions(viewer: Viewer): Promise<{ count: number }>;

  /** Ends all sessions. Answers how many. */
  revokeAllSessions(viewer: Viewer, whose: Whose): Promise<{ count: number }>;

  /**
   * Changes the viewer's password. All sessions and tokens from before end; what is answered is a new one.
   *
   * @throws IssuingNotAllowedError in a process that only verifies
   * @throws InvalidCredentialsError if the current password is wrong, or is changed by somebody else meanwhile
   * @throws TooManyRequestsError if it was guessed too often: it counts as a login does
   * @throws BadUserInputError if the new one is not acceptable
   */
  setPassword(
    viewer: Viewer,
    passwords: { currentPassword: string; newPassword: string },
  ): Promise<ObtainedToken<AuthUser>>;
}
