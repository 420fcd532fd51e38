import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyBaseLogger } from "fastify";
import { answerHeaders } from "./answer-headers.js";
import { type HttpError, httpError } from "../http-error.js";

/** Statuses by Node's codes for what cannot become a request; anything else is malformed. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what the HTTP parser refuses before there is a request, and ends its connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket, logger: FastifyBaseLogger): void {
  const { code = "" } = error;
  if (!socket.writable || code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  // The code alone: the error has the bytes that came, and those can be a token.
  logger.info({ reqId: requestId, code }, "a connection was refused");
  socket.end(answer(httpError(STATUS_BY_CODE[code] ?? 400), requestId));
}

function answer({ code, status, message }: HttpError, requestId: string): string {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  const headers = {
    ...answerHeaders(requestId),
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", body].join("\r\n");
}
