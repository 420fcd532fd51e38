import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { refuseUpgrade } from "./refuse-upgrade.js";

/**
 * Answers a request that asks for a protocol that is not spoken at its address, as clients of HTTP/2 do, as if it did not
 * (RFC 9110, section 7.8). Node has not read its body, so that one with a body has to come again without that header.
 */
export function answerAsRequest(server: Server, request: IncomingMessage, socket: Duplex): void {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length !== "0" || encoding !== undefined) {
    refuseUpgrade(socket, NOT_SUPPORTED, {});
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  // Its client may never close its side.
  response.once("finish", () => socket.end(() => socket.destroy()));
  server.emit("request", request, response);
}

const NOT_SUPPORTED = {
  status: 400,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify({
    errors: [{ message: "Send the request without the Upgrade header", extensions: { code: "BAD_REQUEST" } }],
  }),
};
