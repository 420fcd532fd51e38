// Mercurius on Fastify with fast-jwt, its just-in-time compiler on.
import Fastify from "fastify";
import { mercurius } from "mercurius";
import { announce } from "../../../build/bench/servers/serve.js";
import { viewerSchemaOfContender } from "../../../build/bench/servers/viewer-schema.js";
import { userOf } from "./user-of.js";

const server = Fastify();
await server.register(mercurius, {
  schema: await viewerSchemaOfContender(),
  jit: 1,
  context: ({ headers }) => ({ user: userOf(headers.authorization) }),
});
await server.listen({ host: "127.0.0.1", port: 0 });
announce(server.server);
