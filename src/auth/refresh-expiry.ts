import { numericDate } from "../clock.js";
import { HandlerError } from "../settings/handler-error.js";
import type { Call } from "./call.js";

/** Whether the time for a refresh, counted from `origIat` (Unix seconds), has run out. */
export async function refreshHasExpired(origIat: number, call: Call): Promise<boolean> {
  const { refreshExpiredHandler, refreshExpirationDelta } = call.settings;
  if (!refreshExpiredHandler) return numericDate(call.now) > origIat + refreshExpirationDelta;
  const expired: unknown = await HandlerError.wrap("refreshExpiredHandler", () => refreshExpiredHandler(origIat, call));
  if (typeof expired !== "boolean") throw new HandlerError("refreshExpiredHandler", "has to answer true or false");
  return expired;
}
