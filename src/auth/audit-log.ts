import type { Logger } from "../logger.js";
import { AUTH_EVENTS, type AuthEvents, type AuthEventName, type EventContext, type LoginLimit } from "./events.js";

/** Events that somebody should look at. */
const SUSPICIOUS: ReadonlySet<AuthEventName> = new Set(["refreshTokenReplayed", "loginFailed", "loginLimited"]);

/** Writes one log line for each event: what happened, to whom, from where. Neither tokens nor headers. */
export function logEvents(events: AuthEvents, logger: Logger): void {
  for (const name of AUTH_EVENTS) {
    events.on(name, (event: AuditedEvent) => {
      const { user, session = null, request } = event;
      const line = {
        event: name,
        // What was typed for the name of nobody may be a password that went into the wrong field.
        user: event.known === false ? null : user,
        session,
        ...(event.limit !== undefined && { limit: event.limit, retryAfter: event.retryAfter }),
        address: request?.address ?? null,
        reqId: request?.id ?? null,
      };
      if (SUSPICIOUS.has(name)) logger.warn(line, "auth event");
      else logger.info(line, "auth event");
    });
  }
}

/** What the log has of an event. */
type AuditedEvent = EventContext & {
  readonly user: string;
  readonly session?: string | undefined;
  /** Of a failed login: whether there is such a user. */
  readonly known?: boolean;
  /** Of a login that was not looked at. */
  readonly limit?: LoginLimit;
  readonly retryAfter?: number;
};
