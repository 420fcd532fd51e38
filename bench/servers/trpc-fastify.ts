// tRPC's own Fastify adapter with Janus's router, as its documentation sets it up.
import "reflect-metadata";
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from "@trpc/server/adapters/fastify";
import Fastify from "fastify";
import { appRouter } from "../../src/trpc/auth-router.js";
import { memoryAuth } from "./memory-auth.js";
import { announce } from "./serve.js";

const auth = await memoryAuth();
const server = Fastify({ routerOptions: { maxParamLength: 5000 } });
const trpcOptions: FastifyTRPCPluginOptions<typeof appRouter>["trpcOptions"] = {
  router: appRouter,
  createContext: ({ req }) => auth.context(req),
};
await server.register(fastifyTRPCPlugin, { prefix: "/trpc", trpcOptions });
await server.listen({ host: "127.0.0.1", port: 0 });
announce(server.server);
