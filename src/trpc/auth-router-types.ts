import type { TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";
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

/** The claims of a token; by default the username, `exp` and `origIat`, all times in Unix seconds. */
export interface TokenPayload {
  exp?: number | undefined;
  origIat?: number | undefined;
  [claim: string]: unknown;
}

export interface RefreshOutput {
  token: string;
  payload: TokenPayload;
  /** Unix seconds. */
  refreshExpiresIn: number;
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

/** The operations of the auth service, named as the GraphQL mutations and with their arguments and fields. */
export type AuthProcedures = {
  tokenAuth: TRPCMutationProcedure<{
    input: { username: string; password: string };
    output: TokenAuthOutput;
    meta: object;
  }>;
  verifyToken: TRPCMutationProcedure<{
    input: { token?: string | null | undefined };
    output: { payload: TokenPayload };
    meta: object;
  }>;
  refreshToken: TRPCMutationProcedure<{
    input: { token?: string | null | undefined; refreshToken?: string | null | undefined };
    output: RefreshOutput;
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
    output: TokenAuthOutput;
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
