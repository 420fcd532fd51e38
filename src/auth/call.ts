import { clientAddress, headerValue, type RequestInfo } from "../request-info.js";
import type { SessionClient } from "../sessions/refresh-token-repository.js";
import type { HandlerContext } from "../settings/handlers.js";
import type { EventContext } from "./events.js";

/** One call of the auth service: when it happens and for which request. The time is read once, so that a call is of one moment. */
export type Call = HandlerContext;

/** What a person recognises a session by. */
export function sessionClient(request: RequestInfo | undefined): SessionClient {
  return {
    userAgent: (request && headerValue(request, "user-agent")) ?? null,
    address: (request && clientAddress(request)) ?? null,
  };
}

/** The part of a call that events carry. */
export function eventContext({ now, request }: Call): EventContext {
  return { at: now, request };
}
