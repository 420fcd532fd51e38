import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listen, type Listening } from "../../support/listen.js";

/** Passes the first request on to a server, and cuts the connection of every other one: a server that has gone away. */
export function forwardOnce(server: string): Promise<Listening> {
  let requests = 0;
  return listen(
    createServer((request, response) => {
      requests += 1;
      if (requests > 1) request.socket.destroy();
      else void forward(server, request, response);
    }),
  );
}

async function forward(server: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const headers = { "content-type": "application/json" };
  const answer = await fetch(server + url, { method, headers, body: await text(request) });
  response.writeHead(answer.status, headers).end(await answer.text());
}
