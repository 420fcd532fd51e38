import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { AuthError, type ErrorCode } from "../errors.js";
import type { HttpResponse } from "../http-response.js";

/** A request to open a WebSocket that is not one, or may not be. */
export class UpgradeError extends AuthError {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Answers an upgrade request with an HTTP response, and ends its connection. */
export function refuseUpgrade(
  socket: Duplex,
  { status, headers, body }: HttpResponse,
  more: HttpResponse["headers"],
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const all = { ...more, ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().map((each: string) => `${name}: ${each}`),
  );
  socket.once("finish", () => socket.destroy());
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n"));
}
