import type { IncomingMessage } from "node:http";
import type { FastifyBaseLogger } from "fastify";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import type { HttpResponse } from "../http-response.js";
import type { AuthContext } from "../request/context.js";
import type { RequestInfo } from "../request-info.js";
import type { AnswerLimit } from "./answer-limit.js";
import type { Client } from "./client-of.js";
import type { CorsHeaders } from "./cors.js";
import type { RequestLimits } from "./request-limits.js";
import type { RunningRequests } from "./running-requests.js";

/** What answers a plain request. */
export type DirectAnswer = (call: DirectCall) => Promise<HttpResponse>;

export interface DirectCall {
  readonly request: RequestInfo;
  /** Empty for a request that has none. */
  readonly body: string;
  readonly context: AuthContext;
  readonly onServerError: (error: unknown) => void;
}

/** One of the addresses whose plain requests are answered directly. */
export interface DirectRoute {
  /** As the log names it. */
  readonly url: string;
  /** Whether its clients read nothing but tRPC's envelope. */
  readonly trpc: boolean;
  /** What the log says where an operation fails. */
  readonly failure: string;
  /** How a plain request is answered; null for one that is not for this route, or needs more than it does. */
  accept(request: IncomingMessage): DirectAnswer | null;
}

export interface DirectRequestsParts<TUser extends AuthUser> {
  readonly auth: Auth<TUser>;
  readonly clientOf: (request: IncomingMessage) => Client;
  readonly corsHeaders: CorsHeaders;
  readonly limits: RequestLimits;
  readonly requests: RunningRequests;
  readonly answerLimit: AnswerLimit;
  readonly logger: FastifyBaseLogger;
}
