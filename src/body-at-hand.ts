import type { IncomingMessage } from "node:http";

/**
 * The body of a request where all of it is there already, as it is when it came together with the head: to wait for its end
 * would take turns of the event loop. Null where it has to be waited for.
 */
export function bodyAtHand(request: IncomingMessage): string | null {
  const length = Number(request.headers["content-length"] ?? 0);
  const isUntouched = request.readableFlowing === null && request.readableEncoding === null;
  if (length === 0 || request.readableLength !== length || !isUntouched) return null;
  return (request.read() as Buffer).toString("utf8");
}
