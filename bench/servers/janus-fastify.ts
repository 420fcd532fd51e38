// Janus as the bundled server arranges it (Fastify, both faces), on users in memory. Its request log is off.
import "reflect-metadata";
import { pino } from "pino";
import { createDataSource } from "../../src/index.js";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { createHttpServer } from "../../src/server/http-server.js";
import { memoryAuth } from "./memory-auth.js";
import { announce, givenOptions } from "./serve.js";
import { viewerSchema } from "./viewer-schema.js";

const { schema } = givenOptions() as { readonly schema: "viewer" | "own" };
const auth = await memoryAuth();
const server = await createHttpServer({
  auth,
  schema: schema === "viewer" ? await viewerSchema(auth.authChecker) : await buildAuthSchema(auth.settings),
  dataSource: createDataSource({ url: "sqlite::memory:", entities: [] }), // for /readyz, which nobody asks here
  logger: pino({ level: "silent" }),
});
await server.listen({ host: "127.0.0.1", port: 0 });
announce(server.server);
