import type { FastifyInstance } from "fastify";
import { expect } from "chai";
import { createAuth, createDataSource, type UserDirectory } from "../../src/index.js";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { createHttpServer } from "../../src/server/http-server.js";
import { createLogger } from "../../src/server/logging.js";
import { withToken } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { RawConnection } from "../support/raw-connection.js";
import { postRequest, sendRaw } from "../support/raw-http.js";
import { until } from "../support/until.js";

const ME = JSON.stringify({ query: "{ me { username } }" });

/*
 * Client and server are in one process: what is written in one turn of its event loop has arrived in the next one, all of it.
 */

describe("requests that arrive in one turn of the event loop", () => {
  /** What the server does, in order: `read`, `run` with the user's name, and `done` where all else of a turn is done. */
  let events: string[] = [];
  let server: FastifyInstance;
  let url = "";
  let requestOf: (name: string) => string;

  const users: UserDirectory = {
    async findByNaturalKey(username) {
      events.push(`run ${username}`);
      process.nextTick(() => events.push("done"));
      return { id: username, username, isActive: true };
    },
    checkPassword: async () => true,
  };

  before(async () => {
    const auth = await createAuth({ users, secretKey: SECRET_KEY });
    server = await createHttpServer({
      auth,
      schema: await buildAuthSchema(auth.settings),
      dataSource: createDataSource({ url: "sqlite::memory:", entities: [] }),
      logger: createLogger("silent"),
    });
    server.server.on("request", () => events.push("read"));
    url = await server.listen({ host: "127.0.0.1", port: 0 });
    const tokens = new Map<string, string>();
    for (const name of names(70)) {
      tokens.set(name, (await auth.service.tokenAuth({ username: name, password: "any" })).token);
    }
    requestOf = (name) => postRequest("/graphql", ME, withToken(tokens.get(name) ?? ""));
    // A token that has been seen needs nobody to be waited for.
    for (const name of names(70)) await sendRaw(url, requestOf(name));
  });
  beforeEach(() => (events = []));
  after(() => server.close());

  it("are all read before the first of them runs", async () => {
    const answers = await sendRaw(url, names(5).map(requestOf).join(""), 5);
    expect(events.filter((event) => event !== "done")).to.deep.equal([
      ...Array.from({ length: 5 }, () => "read"),
      ...runs(names(5)),
    ]);
    expect(answers.map(({ body }) => body)).to.deep.equal(
      names(5).map((username) => JSON.stringify({ data: { me: { username } } })),
    );
  });

  it("run side by side, 64 at the most", async () => {
    const connections = await connectionsOf(70);
    for (const [name, connection] of connections) connection.send(requestOf(name));
    await until(() => [...connections.values()].every(({ received }) => received.includes("}}}")));
    const atOnce = events.slice(0, events.indexOf("done"));
    expect(atOnce).to.deep.equal([...names(70).map(() => "read"), ...runs(names(64))]);
    expect(events.filter(isRun)).to.deep.equal(runs(names(70)));
    for (const connection of connections.values()) connection.close();
  });

  it("run though their client has gone meanwhile: it may be somebody who logs out, and leaves", async () => {
    const connections = await connectionsOf(70);
    for (const [name, connection] of connections) connection.send(requestOf(name));
    for (const name of names(70).slice(64)) connections.get(name)?.close();
    await until(() => events.filter(isRun).length === 70);
    expect(events.slice(0, events.indexOf("done")).filter(isRun)).to.deep.equal(runs(names(64)));
    for (const connection of connections.values()) connection.close();
  });

  /** Connections that the server has accepted, by the names of those who will use them. */
  async function connectionsOf(count: number): Promise<Map<string, RawConnection>> {
    const connections = new Map<string, RawConnection>();
    for (const name of names(count)) connections.set(name, await RawConnection.open(url));
    const accepted = () => new Promise<number>((resolve) => server.server.getConnections((_, open) => resolve(open)));
    await until(async () => (await accepted()) === count);
    return connections;
  }
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `user-${index + 1}`);
}

function runs(whose: readonly string[]): string[] {
  return whose.map((name) => `run ${name}`);
}

function isRun(event: string): boolean {
  return event.startsWith("run ");
}
