import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { migrate } from "../../src/database/migrate.js";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { type Application, openApplication } from "../../src/server/application.js";
import { createHttpServer } from "../../src/server/http-server.js";
import { createLogger } from "../../src/server/logging.js";
import { CountingHasher } from "../support/counting-hasher.js";
import { onEachDatabase } from "../support/databases.js";
import { SECRET_KEY } from "../support/forge.js";
import { postRequest, type RawAnswer, request, sendRaw } from "../support/raw-http.js";
import { errorOf, expectNoInternals } from "../support/refusals.js";
import { testContext } from "../support/test-context.js";

async function get(url: string, path: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const [answer] = await sendRaw(url, request("GET", path, headers));
  if (!answer) throw new Error("no answer");
  return answer;
}

describe("/healthz and /readyz", () => {
  const context = testContext();

  it("say that all is well", async () => {
    const health = await get(context.url, "/healthz");
    expect(health).to.include({ status: 200, body: '{"status":"ok"}' });
    const ready = await get(context.url, "/readyz");
    expect(ready).to.include({ status: 200 });
    expect(JSON.parse(ready.body)).to.deep.equal({
      status: "ready",
      checks: { database: true, migrations: true, keys: true },
    });
    for (const { headers } of [health, ready]) {
      expect(headers).to.include({ "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
      expect(headers).not.to.have.property("retry-after");
    }
  });

  it("end a bad token as every address does, and take a good one", async () => {
    const { token } = await context.login();
    for (const path of ["/healthz", "/readyz"]) {
      const refused = await get(context.url, path, { Authorization: "JWT bad" });
      expect(refused.status).to.equal(401);
      expect(errorOf(refused)).to.deep.equal({ code: "unauthorized", message: "Invalid token" });
      expect((await get(context.url, path, { Authorization: `JWT ${token}` })).status).to.equal(200);
      expect((await get(context.url, path, { Authorization: "Bearer somebody-else's" })).status).to.equal(200);
    }
  });
});

onEachDatabase("a server without its migrations", (createDatabase) => {
  const log: Record<string, unknown>[] = [];
  let application: Application;
  let http: FastifyInstance;
  let url: string;

  before(async () => {
    const logger = createLogger("info", { write: (line) => void log.push(JSON.parse(line)) });
    const environment = { DATABASE_URL: await createDatabase(), SECRET_KEY };
    application = await openApplication({ environment, logger, hasher: new CountingHasher() });
    http = await createHttpServer({ ...application, schema: await buildAuthSchema(application.auth.settings), logger });
    url = await http.listen({ host: "127.0.0.1", port: 0 });
  });
  after(async () => {
    await http.close();
    await application.close();
  });

  it("lives and is not ready, and says in the log what it lacks", async () => {
    expect((await get(url, "/healthz")).status).to.equal(200);
    const ready = await get(url, "/readyz");
    expect(ready.status).to.equal(503);
    expect(ready.headers["retry-after"]).to.equal("1");
    const checks = { database: true, migrations: false, keys: true };
    expect(JSON.parse(ready.body)).to.deep.equal({ status: "unavailable", checks });
    const line = log.find(({ reqId, level }) => reqId === ready.headers["x-request-id"] && level === 40);
    expect(line)
      .to.have.nested.property("err.message")
      .that.matches(/^The database lacks migrations: \w+\d{13}, \w+\d{13}/);
  });

  it("answers what needs them with an error that tells nothing of them", async () => {
    const [answer] = await sendRaw(url, postRequest("/trpc/auth.tokenAuth", '{"username":"a","password":"b"}'));
    if (!answer) throw new Error("no answer");
    expect(answer.status).to.equal(500);
    expect(errorOf(answer)).to.deep.equal({ code: "INTERNAL_SERVER_ERROR", message: "Internal server error" });
    expectNoInternals(answer.body);
    const line = log.find(({ reqId, level }) => reqId === answer.headers["x-request-id"] && level === 50);
    expect(line).to.have.nested.property("err.type", "DatabaseError");
  });

  it("is ready as soon as they are there", async () => {
    await migrate(application.dataSource);
    expect((await get(url, "/readyz")).status).to.equal(200);
  });
});
