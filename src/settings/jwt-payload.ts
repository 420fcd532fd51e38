/**
 * The claims of an access token (RFC 7519, section 4). All times are Unix seconds. The username stands in the claim
 * that the setting `usernameField` names.
 */
export interface JwtPayload {
  /** Expires at this time. */
  exp?: number | undefined;
  /** Issued at this time. */
  iat?: number | undefined;
  /** Not valid before this time. */
  nbf?: number | undefined;
  /** When the first token of a chain of refreshed tokens was issued. */
  origIat?: number | undefined;
  /** Whom the token is for. */
  aud?: string | readonly string[] | undefined;
  /** Who issued the token. */
  iss?: string | undefined;
  /** Identifier of this token. */
  jti?: string | undefined;
  /** Public identifier of the session that the token belongs to. */
  sid?: string | undefined;
  [claim: string]: unknown;
}
