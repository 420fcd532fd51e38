import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { graphql, post } from "./http.js";

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, headers } = request;
  const body = await text(request);
  response.statusCode = headers["x-status"] === undefined ? 200 : Number(headers["x-status"]);
  response.setHeader("x-seen", `${method} ${headers["content-type"]} ${headers.authorization}`);
  response.end(request.url === "/text" ? "not JSON" : JSON.stringify({ data: { echo: JSON.parse(body) } }));
}

describe("graphql and post", () => {
  let server: Server;
  let url: string;

  before(async () => {
    server = createServer((request, response) => void echo(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  it("send what they are given and answer status, headers and body", async () => {
    const answer = await graphql(url, "{ a }", { b: 1 }, { authorization: "JWT x", "x-status": "401" });
    expect(answer.status).to.equal(401);
    expect(answer.headers.get("x-seen")).to.equal("POST application/json JWT x");
    expect(answer.body).to.deep.equal({ data: { echo: { query: "{ a }", variables: { b: 1 } } } });
  });

  it("leave other answers than GraphQL's as text", async () => {
    expect((await post(`${url}/text`, {})).body).to.equal("not JSON");
  });

  it("say what came instead of JSON", async () => {
    const outcome: unknown = await graphql(`${url}/text`, "{ a }").catch((error: unknown) => error);
    expect((outcome as Error).message).to.equal("the answer (200) is not JSON: not JSON");
  });
});
