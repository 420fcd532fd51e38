import type { ServerResponse } from "node:http";
import type { HttpResponse } from "./http-response.js";

/**
 * Sends an answer with Node's HTTP server, beside the headers that were set before.
 *
 * @example
 * sendResponse(res, await graphql({ request: req, body: req, context, onServerError }));
 */
export function sendResponse(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  // One without a body may be one that must not have a length either (RFC 9110, section 8.6).
  if (body === "") return void response.writeHead(status, headers).end();
  response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
  sendBody(response, body);
}

/**
 * Sends the body behind the head that was written with its length, in one piece: `end(body)` sends an empty second one, and
 * two cost more than one in the same system call.
 */
export function sendBody(response: ServerResponse, body: string): void {
  response.write(body, (error) => {
    if (!error) response.end(); // After an error the connection is gone.
  });
}
