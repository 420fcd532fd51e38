import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { createHttpServer } from "../../src/server/http-server.js";
import { createLogger } from "../../src/server/logging.js";
import { REQUEST_LIMITS, type RequestLimits } from "../../src/server/request-limits.js";
import { graphqlRequest, request, sendRaw } from "../support/raw-http.js";
import { errorOf } from "../support/refusals.js";
import { testContext } from "../support/test-context.js";

describe("a request that takes too long", () => {
  const context = testContext();
  const log: Record<string, unknown>[] = [];
  let server: FastifyInstance | undefined;
  afterEach(() => server?.close());
  beforeEach(() => void (log.length = 0));

  /** A second server over the context's auth service, with limits that a test can wait for. */
  async function start(limits: Partial<RequestLimits>, auth = context.server.application.auth): Promise<string> {
    const { dataSource } = context.server.application;
    server = await createHttpServer({
      auth,
      schema: await buildAuthSchema(auth.settings),
      dataSource,
      logger: createLogger("trace", { write: (line) => void log.push(JSON.parse(line)) }),
      limits: { ...REQUEST_LIMITS, ...limits },
    });
    return server.listen({ host: "127.0.0.1", port: 0 });
  }

  const unfinished = {
    "whose body does not arrive": request("POST", "/graphql", { "Content-Length": "9" }, "{"),
    "whose body does not arrive at tRPC": request("POST", "/trpc/auth.tokenAuth", { "Content-Length": "9" }, "{"),
    "whose last chunk does not arrive": request("POST", "/graphql", { "Transfer-Encoding": "chunked" }, "1\r\n{\r\n"),
    "whose headers do not arrive": "GET /healthz HTTP/1.1\r\nHost: ",
    "that does not arrive at all": "",
  };
  for (const [what, bytes] of Object.entries(unfinished)) {
    it(`and ${what} is told so, and its connection closed`, async () => {
      const url = await start({ arrivalTime: 50 });
      const [answer, ...others] = await sendRaw(
        url,
        bytes.replace("Host", "Content-Type: application/json\r\nHost"),
        2,
      );
      if (!answer) throw new Error("no answer");
      expect(answer.status).to.equal(408);
      expect(errorOf(answer)).to.deep.equal({
        code: "REQUEST_TIMEOUT",
        message: "The request took too long to arrive",
      });
      expect(answer.headers["connection"]).to.equal("close");
      expect(others).to.deep.equal([]);
      const line = log.find(({ reqId }) => reqId === answer.headers["x-request-id"]);
      expect(line).to.include({ level: 30, code: "ERR_HTTP_REQUEST_TIMEOUT", msg: "a connection was refused" });
      expect(log.filter(({ level }) => (level as number) > 30)).to.deep.equal([]);
    });
  }

  for (const path of ["/graphql?query={me{id}}&token=s3cret", "/trpc/auth.me?token=s3cret", "/healthz"]) {
    it(`to answer is answered with 503: ${path}`, async () => {
      const { auth } = context.server.application;
      const answers: (() => void)[] = [];
      const slow: typeof auth = {
        ...auth,
        async context(info) {
          await new Promise<void>((resolve) => answers.push(resolve));
          return auth.context(info);
        },
      };
      const url = await start({ answerTime: 50 }, slow);
      const [answer] = await sendRaw(url, request("GET", path));
      if (!answer) throw new Error("no answer");
      expect(answer.status).to.equal(503);
      expect(answer.headers["retry-after"]).to.equal("1");
      const message = "The service is temporarily unavailable, please try again";
      expect(errorOf(answer)).to.deep.equal({ code: "SERVICE_UNAVAILABLE", message });
      // What comes too late has nobody to go to, and is not told of with its URL.
      for (const resolve of answers) resolve();
      await server?.close();
      expect(JSON.stringify(log)).not.to.include("s3cret");
      expect(log.filter(({ level }) => (level as number) >= 50)).to.deep.equal([]);
    });
  }

  it("is one of more than 15 seconds to arrive, or 20 to answer, unless told otherwise", async () => {
    await start({});
    expect(REQUEST_LIMITS).to.deep.equal({ bodySize: 65_536, arrivalTime: 15_000, answerTime: 20_000 });
    expect(server?.server).to.include({ requestTimeout: 15_000, headersTimeout: 15_000 });
    expect(server?.initialConfig).to.include({ bodyLimit: 65_536, requestTimeout: 15_000 });
  });

  it("is not one that its client gives up: that is no error", async () => {
    const url = await start({});
    const giveUp = sendRaw(url, `${request("GET", "/healthz")}${graphqlRequest("{me{id}}").slice(0, -3)}`);
    expect(await giveUp).to.have.length(1); // The connection is closed now.
    await server?.close();
    expect(log.filter(({ level }) => (level as number) > 30)).to.deep.equal([]);
  });
});
