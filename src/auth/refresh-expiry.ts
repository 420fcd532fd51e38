import { numericDate } from "../clock.js";
import { HandlerError } from "../settings/handler-error.js";
import type { RefreshExpiredHandler } from "../settings/handlers.js";
import type { Call } from "./call.js";

/** Whether the time for a refresh, counted from `origIat` (Unix seconds), has run out; a promise where a handler says it. */
export function refreshHasExpired(origIat: number, call: Call): boolean | Promise<boolean> {
  const { refreshExpiredHandler, refreshExpirationDelta } = call.settings;
  if (refreshExpiredHandler) return askHandler(refreshExpiredHandler, origIat, call);
  return numericDate(call.now) > origIat + refreshExpirationDelta;
}

async function askHandler(refreshExpiredHandler: RefreshExpiredHandler, origIat: number, call: Call): Promise<boolean> {
  const expired: unknown = await HandlerError.wrap("refreshExpiredHandler", () => refreshExpiredHandler(origIat, call));
  if (typeof expired !== "boolean") throw new HandlerError("refreshExpiredHandler", "has to answer true or false");
  return expired;
}
