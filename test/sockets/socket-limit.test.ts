import { once } from "node:events";
import { expect } from "chai";
import { WebSocket } from "ws";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { createHttpServer } from "../../src/server/http-server.js";
import { createLogger } from "../../src/server/logging.js";
import { SOCKET_LIMITS } from "../../src/sockets/socket-limits.js";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";

describe("the limit of sockets", () => {
  const context = testContext();

  it("has numbers, which are those of the README", () => {
    expect(SOCKET_LIMITS).to.deep.equal({
      urlLength: 8192,
      messageSize: 65_536,
      sockets: 10_000,
      initTime: 10_000,
      pingInterval: 25_000,
      buffered: 1_048_576,
      closeTime: 2_000,
    });
  });

  it("holds from the first byte on, for both faces together and before anybody has said who they are", async () => {
    const { auth, dataSource } = context.server.application;
    const schema = await buildAuthSchema(auth.settings);
    const logger = createLogger("info", { write() {} });
    const http = await createHttpServer({ auth, schema, dataSource, logger, socketLimits: { sockets: 2 } });
    const url = (await http.listen({ host: "127.0.0.1", port: 0 })).replace("http", "ws");
    const open = async (path: string): Promise<WebSocket> => {
      const socket = new WebSocket(url + path, path === "/graphql" ? "graphql-transport-ws" : []);
      await once(socket, "open");
      return socket;
    };
    const statusOf = async (path: string): Promise<unknown> => {
      const refused = new WebSocket(url + path, path === "/graphql" ? "graphql-transport-ws" : []);
      const [, response] = (await once(refused, "unexpected-response")) as [unknown, { statusCode: number }];
      refused.on("error", () => undefined).terminate();
      return response.statusCode;
    };
    const [first] = [await open("/graphql"), await open("/trpc?connectionParams=1")];
    expect([await statusOf("/graphql"), await statusOf("/trpc")]).to.deep.equal([503, 503]);
    first?.close();
    await until(async () => (await open("/trpc").catch(() => null)) !== null);
    await http.close();
  });
});
