import { once } from "node:events";
import { expect } from "chai";
import { WebSocket } from "ws";
import { createHttpServer } from "../../src/server/http-server.js";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { REQUEST_LIMITS } from "../../src/server/request-limits.js";
import { createLogger } from "../../src/server/logging.js";
import { withToken } from "../support/faces.js";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";

describe("a server that stops", () => {
  const context = testContext();

  /** A second HTTP server on the same application, that a test can stop. */
  async function start(limits = REQUEST_LIMITS, closeTime = 2_000) {
    const { auth, dataSource } = context.server.application;
    const schema = await buildAuthSchema(auth.settings);
    const logger = createLogger("info", { write() {} });
    const http = await createHttpServer({ auth, schema, dataSource, logger, limits, socketLimits: { closeTime } });
    const url = await http.listen({ host: "127.0.0.1", port: 0 });
    return { url, http };
  }

  for (const path of ["/graphql", "/trpc"]) {
    it(`tells the clients of ${path} that it goes away`, async () => {
      const { url, http } = await start();
      const socket = new WebSocket(
        `${url.replace("http", "ws")}${path}`,
        path === "/graphql" ? "graphql-transport-ws" : [],
      );
      await once(socket, "open");
      const closed = once(socket, "close");
      await http.close();
      const [code, reason] = (await closed) as [number, Buffer];
      expect(`${code} ${reason.toString()}`).to.equal("1001 Going away");
    });
  }

  it("cuts off a client that does not close its side", async () => {
    const { url, http } = await start(REQUEST_LIMITS, 50);
    const socket = new WebSocket(`${url.replace("http", "ws")}/trpc`);
    await once(socket, "open");
    socket.pause();
    const began = performance.now();
    await http.close();
    expect(performance.now() - began).to.be.lessThan(10_000); // `ws` alone would wait for 30 seconds.
    socket.resume();
    socket.terminate();
  });

  for (const path of ["graphql?query=subscription{sessionEvents{at}}", "trpc/auth.sessionEvents"]) {
    it(`cuts off the event stream of ${path}, which outlives the limit of an answer until then`, async () => {
      const { url, http } = await start({ ...REQUEST_LIMITS, arrivalTime: 100, answerTime: 700 });
      const { token } = await context.login();
      const headers = { accept: "text/event-stream", ...withToken(token) };
      const response = await fetch(`${url}/${path}`, { headers });
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      expect(response.headers.get("content-type")).to.include("text/event-stream");
      let isOver = false;
      const read = async (): Promise<void> => {
        while (!(await reader.read()).done);
      };
      void read()
        .catch(() => undefined)
        .finally(() => (isOver = true));
      const began = performance.now();
      await until(() => performance.now() - began > 1_000);
      expect(isOver).to.equal(false);
      await http.close();
      await until(() => isOver);
      await until(() => context.server.application.auth.connections.size === 0);
    });
  }
});
