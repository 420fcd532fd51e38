import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from "@trpc/server";
import type { AuthErrorShape } from "./error-shape.js";

export type { AuthErrorShape } from "./error-shape.js";

/*
 * The types that a client compiles against. They are written out, not inferred, because an inferred router drags every
 * type of the server behind it, and one from a package that the client has not installed silently becomes `any` there.
 * Nothing here but @trpc/server, which @trpc/client needs anyway.
 */

/** A user as `me` and `tokenAuth` answer it. */
export interface AuthUserOutput {
  id: string;
  username: string;
  email: string | null;
  isStaff: boolean;
  isSuperuser: boolean;
  roles: string[];
  permissions: string[];
}

/**
 * The claims of a token; all times are Unix seconds. Claims of one's own are there as well, without a type: an index
 * signature would make tRPC forget the types of these.
 */
export interface TokenPayload {
  /** Where `usernameField` is not changed. */
  username?: string | undefined;
  exp?: number | undefined;
  /** When the first token of a chain of refreshed tokens was issued. */
  origIat?: number | undefined;
  aud?: string | readonly string[] | undefined;
  iss?: string | undefined;
  jti?: string | undefined;
  /** The public id of the session. */
  sid?: string | undefined;
}

/** What a refresh answers where the setting `hideTokenFields` is on: the tokens are in cookies alone. */
export interface HiddenRefreshOutput {
  payload: TokenPayload;
  /** Unix seconds. */
  refreshExpiresIn: number;
}

/** What a login answers where the setting `hideTokenFields` is on. */
export interface HiddenTokenAuthOutput extends HiddenRefreshOutput {
  user: AuthUserOutput;
}

export interface RefreshOutput extends HiddenRefreshOutput {
  token: string;
  /** Only with long-running refresh tokens. */
  refreshToken?: string;
}

export interface TokenAuthOutput extends RefreshOutput {
  user: AuthUserOutput;
}

/** A session as a person recognises it. All times are Unix seconds. */
export interface SessionOutput {
  id: string;
  device: string | null;
  address: string | null;
  created: number;
  lastUsed: number;
  expires: number;
  current: boolean;
}

/** What happened to the session of a connection. */
export interface SessionEventOutput {
  type: "LOGGED_OUT";
  reason: "EXPIRED" | "REVOKED" | "PASSWORD_CHANGED" | "USER_DISABLED" | "REPLAYED";
  /** Unix seconds. */
  at: number;
}

/**
 * The operations of the auth service, named as the GraphQL mutations and with their arguments and fields.
 *
 * @typeParam Obtained what a login answers
 * @typeParam Refreshed what a refresh answers
 */
export type AuthProcedures<Obtained = TokenAuthOutput, Refreshed = RefreshOutput> = {
  tokenAuth: TRPCMutationProcedure<{
    input: { username: string; password: string };
    output: Obtained;
    meta: object;
  }>;
  verifyToken: TRPCMutationProcedure<{
    input: { token?: string | null | undefined };
    output: { payload: TokenPayload };
    meta: object;
  }>;
  refreshToken: TRPCMutationProcedure<{
    input: { token?: string | null | undefined; refreshToken?: string | null | undefined };
    output: Refreshed;
    meta: object;
  }>;
  revokeToken: TRPCMutationProcedure<{
    input: { refreshToken?: string | null | undefined };
    output: { revoked: number };
    meta: object;
  }>;
  deleteTokenCookie: TRPCMutationProcedure<{ input: void; output: { deleted: boolean }; meta: object }>;
  deleteRefreshTokenCookie: TRPCMutationProcedure<{ input: void; output: { deleted: boolean }; meta: object }>;
  /** The live sessions, the latest used first. */
  sessions: TRPCQueryProcedure<{ input: { user?: string | null } | void; output: SessionOutput[]; meta: object }>;
  revokeSession: TRPCMutationProcedure<{
    input: { id: string; user?: string | null };
    output: { revoked: number };
    meta: object;
  }>;
  revokeOtherSessions: TRPCMutationProcedure<{ input: void; output: { count: number }; meta: object }>;
  revokeAllSessions: TRPCMutationProcedure<{
    input: { user?: string | null } | void;
    output: { count: number };
    meta: object;
  }>;
  setPassword: TRPCMutationProcedure<{
    input: { currentPassword: string; newPassword: string };
    output: Obtained;
    meta: object;
  }>;
  /** Tells the client that it is logged out, when it is, and ends. */
  sessionEvents: TRPCSubscriptionProcedure<{ input: void; output: AsyncIterable<SessionEventOutput>; meta: object }>;
  /** Lets a WebSocket go on with a fresh access token, of the same user and session. */
  renewConnection: TRPCMutationProcedure<{
    input: { token: string };
    output: { expires: number | null };
    meta: object;
  }>;
  /** With the setting `allowArgument` the token may be given here. */
  me: TRPCQueryProcedure<{
    input: { [argumentName: string]: string } | void;
    output: AuthUserOutput | null;
    meta: object;
  }>;
};

// No interface: a type alias is written out in the declarations of a host's router, where a name could not be reached.
type RootTypes = {
  ctx: object;
  meta: object;
  errorShape: AuthErrorShape;
  transformer: false;
};

/** The router of the auth operations, for a host application's own router. */
export type AuthRouter = TRPCBuiltRouter<RootTypes, AuthProcedures>;

/** The router of the bundled server: `auth.tokenAuth`, `auth.me`, … */
export type AppRouter = TRPCBuiltRouter<RootTypes, { auth: AuthProcedures }>;

type HiddenTokenProcedures = AuthProcedures<HiddenTokenAuthOutput, HiddenRefreshOutput>;

/** `AuthRouter` where the setting `hideTokenFields` is on. A type cannot know the settings, so it is chosen by hand. */
export type HiddenTokenAuthRouter = TRPCBuiltRouter<RootTypes, HiddenTokenProcedures>;

/** `AppRouter` where the setting `hideTokenFields` is on: `createTRPCClient<HiddenTokenAppRouter>(…)`. */
export type HiddenTokenAppRouter = TRPCBuiltRouter<RootTypes, { auth: HiddenTokenProcedures }>;
