import { expect } from "chai";
import { REQUEST_LIMITS } from "../../src/server/request-limits.js";
import { graphqlRequest, request, sendRaw } from "../support/raw-http.js";
import { errorOf } from "../support/refusals.js";
import { secondServer } from "../support/second-server.js";
import { testContext } from "../support/test-context.js";

describe("a request that takes too long", () => {
  const context = testContext();
  const second = secondServer(context);

  const unfinished = {
    "whose body does not arrive": request("POST", "/graphql", { "Content-Length": "9" }, "{"),
    "whose body does not arrive at tRPC": request("POST", "/trpc/auth.tokenAuth", { "Content-Length": "9" }, "{"),
    "whose last chunk does not arrive": request("POST", "/graphql", { "Transfer-Encoding": "chunked" }, "1\r\n{\r\n"),
    "whose headers do not arrive": "GET /healthz HTTP/1.1\r\nHost: ",
    "that does not arrive at all": "",
  };
  for (const [what, bytes] of Object.entries(unfinished)) {
    it(`and ${what} is told so, and its connection closed`, async () => {
      const url = await second.start({ limits: { arrivalTime: 50 } });
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
      const line = second.log.find(({ reqId }) => reqId === answer.headers["x-request-id"]);
      expect(line).to.include({ level: 30, code: "ERR_HTTP_REQUEST_TIMEOUT", msg: "a connection was refused" });
      expect(second.alarms).to.deep.equal([]);
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
      const url = await second.start({ limits: { answerTime: 50 }, auth: slow });
      const [answer] = await sendRaw(url, request("GET", path));
      if (!answer) throw new Error("no answer");
      expect(answer.status).to.equal(503);
      expect(answer.headers["retry-after"]).to.equal("1");
      const message = "The service is temporarily unavailable, please try again";
      expect(errorOf(answer)).to.deep.equal({ code: "SERVICE_UNAVAILABLE", message });
      // What comes too late has nobody to go to, and is not told of with its URL.
      for (const resolve of answers) resolve();
      await second.stop();
      expect(JSON.stringify(second.log)).not.to.include("s3cret");
      expect(second.log.filter(({ level }) => (level as number) >= 50)).to.deep.equal([]);
    });
  }

  it("has the limits that are documented, and Node and Fastify are told of them", async () => {
    await second.start();
    expect(REQUEST_LIMITS).to.deep.equal({
      bodySize: 65_536,
      headSize: 16_384,
      headerCount: 100,
      urlLength: 8192,
      arrivalTime: 15_000,
      answerTime: 20_000,
      stallTime: 30_000,
      keepAliveTime: 72_000,
      pipelineLength: 16,
    });
    expect(second.server.server).to.include({
      requestTimeout: 15_000,
      headersTimeout: 15_000,
      timeout: 30_000,
      keepAliveTimeout: 72_000,
      maxHeadersCount: 101,
      maxConnections: 10_000,
    });
    expect(second.server.initialConfig).to.include({ bodyLimit: 65_536, requestTimeout: 15_000 });
  });

  it("is not one that its client gives up: that is no error", async () => {
    const url = await second.start();
    const giveUp = sendRaw(url, `${request("GET", "/healthz")}${graphqlRequest("{me{id}}").slice(0, -3)}`);
    expect(await giveUp).to.have.length(1); // The connection is closed now.
    await second.stop();
    expect(second.alarms).to.deep.equal([]);
  });
});

describe("a request head", () => {
  const context = testContext();
  const second = secondServer(context);
  const statusOf = async (url: string, bytes: string) => (await sendRaw(url, bytes))[0]?.status;

  it("may have as many headers as the limit, and all of them are read", async () => {
    const { token, username } = await context.login();
    // `Host` and `Authorization` are two of them; the token comes last, where Node would drop it first.
    const withFillers = (count: number) =>
      request("GET", "/trpc/auth.me", { ...fillers(count), Authorization: `JWT ${token}` });
    const [answer] = await sendRaw(context.url, withFillers(98));
    expect(answer?.body).to.include(`"username":"${username}"`);
    expect(await statusOf(context.url, withFillers(99))).to.equal(431);
  });

  it("is never read in part: headers that Node would drop make it refused, and nobody is anonymous by them", async () => {
    const { token } = await context.login();
    for (const count of [101, 300, 2000, 3000]) {
      const bytes = request("GET", "/trpc/auth.me", { ...fillers(count), Authorization: `JWT ${token}` });
      const [answer] = await sendRaw(context.url, bytes);
      expect({ count, status: answer?.status }).to.deep.equal({ count, status: 431 });
    }
  });

  it("may be as large as the limit", async () => {
    const url = await second.start({ limits: { headSize: 1000 } });
    expect(await statusOf(url, request("GET", "/healthz", { "X-A": "a".repeat(900) }))).to.equal(200);
    expect(await statusOf(url, request("GET", "/healthz", { "X-A": "a".repeat(1000) }))).to.equal(431);
  });

  it("may have a URL as long as the limit", async () => {
    const ask = (length: number) => statusOf(context.url, request("GET", "/healthz?".padEnd(length, "a")));
    expect(await ask(8192)).to.equal(200);
    expect(await ask(8193)).to.equal(414);
  });
});

/** Headers with short names and nothing in them: Node counts neither colons nor line ends towards its limit of bytes. */
function fillers(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index.toString(36)}`, ""]));
}
