// tRPC's own standalone adapter with Janus's router: what the adapter costs, and nothing of our server.
import "reflect-metadata";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { appRouter } from "../../src/trpc/auth-router.js";
import { memoryAuth } from "./memory-auth.js";
import { announce } from "./serve.js";

const auth = await memoryAuth();
const server = createHTTPServer({
  router: appRouter,
  basePath: "/trpc/",
  createContext: ({ req }) => auth.context(req),
});
server.listen(0, "127.0.0.1", () => announce(server));
