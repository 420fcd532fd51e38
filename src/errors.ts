/*
 * Every error that a client can see, with a stable code. Clients of django-graphql-jwt match on the messages.
 */

/** Code to HTTP status (RFC 9110, section 15). The codes are the same on both faces. */
export const HTTP_STATUS = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  QUERY_TOO_COMPLEX: 400,
  INTROSPECTION_DISABLED: 400,
  TOKEN_REQUIRED: 400,
  UNAUTHENTICATED: 401,
  INVALID_CREDENTIALS: 401,
  INVALID_TOKEN: 401,
  INVALID_PAYLOAD: 401,
  TOKEN_EXPIRED: 401,
  USER_DISABLED: 401,
  INVALID_REFRESH_TOKEN: 401,
  REFRESH_TOKEN_EXPIRED: 401,
  REFRESH_NOT_ALLOWED: 403,
  ISSUING_NOT_ALLOWED: 403,
  FORBIDDEN: 403,
  CSRF_FAILED: 403,
  NOT_FOUND: 404,
  NOT_SUPPORTED: 501,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  PAYLOAD_TOO_LARGE: 413,
  URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  TOO_MANY_OPERATIONS: 429,
  TOO_MANY_CONNECTIONS: 429,
  REQUEST_HEADER_FIELDS_TOO_LARGE: 431,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const;

/** The stable, machine-readable name of a failure: `extensions.code` in GraphQL, `data.errorCode` in tRPC. */
export type ErrorCode = keyof typeof HTTP_STATUS;

/** What every error that may be shown to a client has in common. Its message is written for the client. */
export abstract class AuthError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** graphql-js copies this into the error that it answers, so that the code arrives behind every GraphQL server. */
  get extensions(): { code: ErrorCode; retryAfter?: number } {
    return { code: this.code };
  }
}

/** A token, or what stands behind it, is not acceptable (RFC 7519, section 7.2). */
export class JsonWebTokenError extends AuthError {
  readonly code: ErrorCode = "INVALID_TOKEN";

  constructor(message = "Invalid token", options?: ErrorOptions) {
    super(message, options);
  }
}

/** The token cannot be decoded, or its signature is not of our key. */
export class TokenDecodeError extends JsonWebTokenError {
  constructor(message = "Error decoding signature", options?: ErrorOptions) {
    super(message, options);
  }
}

/** `exp` has passed (RFC 7519, section 4.1.4). */
export class TokenExpiredError extends JsonWebTokenError {
  override readonly code = "TOKEN_EXPIRED";

  constructor(message = "Signature has expired", options?: ErrorOptions) {
    super(message, options);
  }
}

/** The payload has no username, no such user exists, or a claim that the request needs is missing. */
export class InvalidPayloadError extends JsonWebTokenError {
  override readonly code = "INVALID_PAYLOAD";

  constructor(message = "Invalid payload", options?: ErrorOptions) {
    super(message, options);
  }
}

/** The user of the token is not active. */
export class UserDisabledError extends JsonWebTokenError {
  override readonly code = "USER_DISABLED";

  constructor(message = "User is disabled", options?: ErrorOptions) {
    super(message, options);
  }
}

/** No token in the argument, and none that could stand in. */
export class TokenRequiredError extends JsonWebTokenError {
  override readonly code = "TOKEN_REQUIRED";

  constructor(message: "Token is required" | "Refresh token is required") {
    super(message);
  }
}

/** The refresh token is unknown, forged, revoked or replaced. */
export class InvalidRefreshTokenError extends JsonWebTokenError {
  override readonly code = "INVALID_REFRESH_TOKEN";

  constructor(message = "Invalid refresh token", options?: ErrorOptions) {
    super(message, options);
  }
}

/** The refresh token, or the time in which a token may be refreshed, has run out. */
export class RefreshExpiredError extends JsonWebTokenError {
  override readonly code = "REFRESH_TOKEN_EXPIRED";

  constructor(message = "Refresh token is expired", options?: ErrorOptions) {
    super(message, options);
  }
}

/** `allowRefresh` is off. */
export class RefreshNotAllowedError extends JsonWebTokenError {
  override readonly code = "REFRESH_NOT_ALLOWED";

  constructor() {
    super("Token refresh not supported");
  }
}

/** This process has public keys alone: it verifies tokens, and issues none. */
export class IssuingNotAllowedError extends AuthError {
  readonly code = "ISSUING_NOT_ALLOWED";

  constructor() {
    super("Token issuing not supported");
  }
}

/** Wrong password, unknown user, inactive user: one message for all, so that none can be told from another. */
export class InvalidCredentialsError extends AuthError {
  readonly code = "INVALID_CREDENTIALS";

  constructor(message = "Please enter valid credentials", options?: ErrorOptions) {
    super(message, options);
  }
}

/** A rule denies an anonymous request. */
export class UnauthenticatedError extends AuthError {
  readonly code = "UNAUTHENTICATED";

  constructor() {
    super("You do not have permission to perform this action");
  }
}

/** A rule denies the user of the request. */
export class ForbiddenError extends AuthError {
  readonly code = "FORBIDDEN";

  constructor() {
    super("You do not have permission to perform this action");
  }
}

/** There is no such session, or it is somebody else's: which of them is not told. */
export class SessionNotFoundError extends AuthError {
  readonly code = "NOT_FOUND";

  constructor() {
    super("There is no such session");
  }
}

/** The server, or the transport, is without what the operation needs. */
export class NotSupportedError extends AuthError {
  readonly code = "NOT_SUPPORTED";

  /** @param needs for example `"a WebSocket"` */
  constructor(needs: string) {
    super(`This operation needs ${needs}`);
  }
}

/** A request with our cookies does not prove that a page of ours sent it. */
export class CsrfError extends AuthError {
  readonly code = "CSRF_FAILED";

  /**
   * @param setCookies values of the `Set-Cookie` headers that belong into the answer
   * @param remedy what the client has to do
   */
  constructor(
    readonly setCookies: readonly string[] = [],
    remedy = "send the value of the CSRF cookie in the header X-CSRFToken",
  ) {
    super(`CSRF check failed: ${remedy}`);
  }
}

/** What is wrong with one argument. */
export interface InputProblem {
  /** The argument's name. */
  readonly argument: string;
  /** What is wrong with it; never its value. */
  readonly problem: string;
}

/** An argument has the wrong type, length or form. */
export class BadUserInputError extends AuthError {
  readonly code = "BAD_USER_INPUT";

  constructor(readonly problems: readonly InputProblem[]) {
    super(problems.map(({ problem }) => problem).join("; "));
  }
}

/** Passwords were guessed too often, for this name or from this address: which of them is not told. */
export class TooManyRequestsError extends AuthError {
  readonly code = "TOO_MANY_REQUESTS";

  /** @param retryAfter whole seconds until the next attempt is allowed, for the `Retry-After` header */
  constructor(readonly retryAfter: number) {
    super("Too many attempts, please try again later");
  }

  override get extensions(): { code: ErrorCode; retryAfter: number } {
    return { code: this.code, retryAfter: this.retryAfter };
  }
}

/** The database or the keys of another process cannot be reached, or the server is stopping: the same request may succeed later. */
export class ServiceUnavailableError extends AuthError {
  readonly code = "SERVICE_UNAVAILABLE";
  /** Seconds, for the `Retry-After` header (RFC 9110, section 10.2.3). */
  readonly retryAfter = 1;

  constructor(options?: ErrorOptions) {
    super("The service is temporarily unavailable, please try again", options);
  }
}
