import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { createTrpc, sendResponse, serveSockets } from "../../../src/index.js";
import { listen } from "../../support/listen.js";
import type { TestContext } from "../../support/test-context.js";

/** What is done on a host: nothing may be done twice. */
export interface Done {
  edits: number;
}

function routerOf(done: Done) {
  const { router, authorized } = createTrpc();
  return router({
    who: authorized().query(({ ctx }) => ctx.user.id),
    edit: authorized().mutation(() => (done.edits += 1)),
    // Tells whose it is, and then says nothing more.
    watch: authorized().subscription(async function* watch({ ctx, signal }) {
      yield ctx.user.id;
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    }),
  });
}

export type HostRouter = ReturnType<typeof routerOf>;

/** A host application with a router of its own, on the auth service of a test's server: over HTTP, events and sockets. */
export async function liveHost(context: TestContext) {
  const done: Done = { edits: 0 };
  const errors: unknown[] = [];
  const onServerError = (error: unknown) => void errors.push(error);
  const { auth } = context.server.application;
  const router = routerOf(done);

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      const own = await auth.context(req);
      const path = new URL(req.url ?? "", "http://host").pathname.slice("/trpc/".length);
      await nodeHTTPRequestHandler({ router, req, res, path, createContext: async () => own });
    } catch (error) {
      sendResponse(res, await auth.errorResponse({ request: req, error, trpc: true, onServerError }));
    }
  }

  const server = createServer((req, res) => void answer(req, res));
  const sockets = serveSockets(server, { auth, trpc: { router }, onServerError, setTimer: context.timers.set });
  const listening = await listen(server);
  return {
    url: `${listening.url}/trpc`,
    done,
    errors,
    sockets,
    async close() {
      await sockets.close();
      server.closeAllConnections();
      await listening.close();
    },
  };
}
