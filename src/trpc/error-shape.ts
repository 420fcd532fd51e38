import {
  StandardSchemaV1Error,
  TRPCError,
  type TRPC_ERROR_CODE_KEY,
  type TRPCDefaultErrorShape,
  type TRPCErrorShape,
} from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { AuthError, type ErrorCode, HTTP_STATUS } from "../errors.js";
import { publicError } from "../public-error.js";

/** An error as a tRPC client sees it: tRPC's own data, and beside its `code` ours, the same that GraphQL answers. */
export interface AuthErrorShape extends TRPCErrorShape {
  readonly data: {
    readonly code: TRPC_ERROR_CODE_KEY;
    readonly httpStatus: number;
    readonly path?: string;
    /** The code of `errors.ts`, for example `"INVALID_CREDENTIALS"`. */
    readonly errorCode: ErrorCode;
    /** Seconds, where the same call may be answered later. */
    readonly retryAfter?: number;
  };
}

/** tRPC's codes with the statuses that Janus answers. */
const TRPC_CODES: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_SUPPORTED",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
  501: "NOT_IMPLEMENTED",
  503: "SERVICE_UNAVAILABLE",
};

/** What tRPC's own errors are called on both faces. */
const ERROR_CODES: Partial<Record<TRPC_ERROR_CODE_KEY, ErrorCode>> = {
  UNAUTHORIZED: "UNAUTHENTICATED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  METHOD_NOT_SUPPORTED: "METHOD_NOT_ALLOWED",
  TIMEOUT: "REQUEST_TIMEOUT",
  PAYLOAD_TOO_LARGE: "PAYLOAD_TOO_LARGE",
  UNSUPPORTED_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  TOO_MANY_REQUESTS: "TOO_MANY_REQUESTS",
  INTERNAL_SERVER_ERROR: "INTERNAL_SERVER_ERROR",
  NOT_IMPLEMENTED: "NOT_SUPPORTED",
  BAD_GATEWAY: "SERVICE_UNAVAILABLE",
  SERVICE_UNAVAILABLE: "SERVICE_UNAVAILABLE",
  GATEWAY_TIMEOUT: "SERVICE_UNAVAILABLE",
};

/** One of our errors as tRPC's, with the HTTP status of our table. */
export function toTRPCError(error: AuthError): TRPCError {
  return new TRPCError({ code: codeOf(error), message: error.message, cause: error });
}

function codeOf(error: AuthError): TRPC_ERROR_CODE_KEY {
  return TRPC_CODES[HTTP_STATUS[error.code]] ?? "BAD_REQUEST";
}

/** One of our errors as tRPC's, any other as it is. */
export function asTRPCError(error: unknown): unknown {
  return error instanceof AuthError ? toTRPCError(error) : error;
}

/** tRPC's `errorFormatter`: adds our code, and takes out whatever a client must not see. */
export function formatTRPCError({ shape, error }: { shape: TRPCDefaultErrorShape; error: TRPCError }): AuthErrorShape {
  const { path } = shape.data;
  const { cause } = error;
  // What a host application's `createContext` throws has been called an internal error by tRPC.
  const code = cause instanceof AuthError ? codeOf(cause) : error.code;
  const httpStatus = cause instanceof AuthError ? HTTP_STATUS[cause.code] : shape.data.httpStatus;
  const retryAfter = cause instanceof AuthError ? cause.extensions.retryAfter : undefined;
  return {
    code: TRPC_ERROR_CODES_BY_KEY[code],
    message: messageOf(error),
    // Field by field: outside production tRPC's own data holds a stack.
    data: {
      code,
      httpStatus,
      ...(path !== undefined && { path }),
      errorCode: errorCodeOf(error),
      ...(retryAfter !== undefined && { retryAfter }),
    },
  };
}

function errorCodeOf({ code, cause }: TRPCError): ErrorCode {
  if (cause instanceof AuthError) return cause.code;
  if (cause instanceof StandardSchemaV1Error) return "BAD_USER_INPUT";
  return ERROR_CODES[code] ?? "BAD_REQUEST";
}

function messageOf({ code, message, cause }: TRPCError): string {
  if (cause instanceof StandardSchemaV1Error) return cause.issues.map((issue) => issue.message).join("; ");
  // The parser's own message would repeat a piece of the body.
  if (cause instanceof SyntaxError && code === "BAD_REQUEST") return "The input is not valid JSON";
  return code === "INTERNAL_SERVER_ERROR" ? publicError(cause).message : message;
}
