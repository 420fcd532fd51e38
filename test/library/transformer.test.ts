import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createTRPCClient, httpBatchLink, httpLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { expect } from "chai";
import { createAuthClient, memoryStore } from "../../src/client/index.js";
import { type AuthContext, createTrpc, formatTRPCError, sendResponse } from "../../src/index.js";
import { outcomeOf, withToken } from "../support/faces.js";
import { listen, type Listening } from "../support/listen.js";
import { rejection } from "../support/rejection.js";
import { PASSWORD, testContext } from "../support/test-context.js";

/** As superjson: nothing is read that was not written by it. */
const boxes = {
  serialize: (value: unknown) => ({ boxed: JSON.stringify(value ?? null) }),
  deserialize: ({ boxed }: { boxed: string }) => JSON.parse(boxed) as unknown,
};

for (const [what, transformer] of [
  ["one for both ways", boxes],
  ["one for each way", { input: boxes, output: boxes }],
] as const) {
  describe(`a host whose tRPC has a data transformer, ${what}`, () => {
    const context = testContext();
    let host: Listening;
    const errors: unknown[] = [];

    const routerOf = () => {
      const t = initTRPC.context<AuthContext>().create({ transformer, errorFormatter: formatTRPCError });
      const { authorized } = createTrpc();
      return t.router({
        auth: context.server.application.auth.trpcRouter,
        who: authorized().query(({ ctx }) => ctx.user.id),
      });
    };
    type Router = ReturnType<typeof routerOf>;

    before(async () => {
      const { auth } = context.server.application;
      const router = routerOf();
      const onServerError = (error: unknown) => void errors.push(error);
      const answer = async (req: IncomingMessage, res: ServerResponse) => {
        try {
          const own = await auth.context(req);
          const path = new URL(req.url ?? "", "http://host").pathname.slice(1);
          await nodeHTTPRequestHandler({ router, req, res, path, createContext: async () => own });
        } catch (error) {
          sendResponse(res, await auth.errorResponse({ request: req, error, trpc: true, router, onServerError }));
        }
      };
      host = await listen(createServer((req, res) => void answer(req, res)));
    });
    after(() => host.close());
    afterEach(() => expect(errors).to.deep.equal([]));

    it("logs in, refreshes and logs out, and reads what is wrong", async () => {
      const { username, id } = await context.createUser();
      const auth = createAuthClient<Router>({ url: host.url, transformer });
      const wrong = await rejection(auth.login(username, "wrong"));
      expect(wrong).to.include({ code: "INVALID_CREDENTIALS", message: "Please enter valid credentials", status: 401 });
      expect((await auth.login(username, PASSWORD)).user).to.include({ id, username });
      const links = [httpBatchLink({ url: host.url, transformer, fetch: auth.fetch })];
      expect(await createTRPCClient<Router>({ links }).who.query()).to.equal(id);
      expect(await auth.refresh()).to.not.equal(null);
      expect(await auth.logout()).to.deep.equal({ revoked: true });
    });

    it("refreshes after a refusal, also where the header that says so is not shown to another origin", async () => {
      const { username, id } = await context.createUser();
      const store = memoryStore();
      let refused = 0;
      const auth = createAuthClient<Router>({
        url: host.url,
        transformer,
        store,
        async fetch(input, init) {
          const response = await fetch(input, init);
          if (response.status === 401) refused += 1;
          const { status } = response;
          return new Response(await response.text(), { status, headers: { "content-type": "application/json" } });
        },
      });
      await auth.login(username, PASSWORD);
      const stored = store.get();
      if (stored) store.set({ ...stored, token: "garbage" });
      const links = [httpLink({ url: host.url, transformer, fetch: auth.fetch })];
      expect(await createTRPCClient<Router>({ links }).who.query()).to.equal(id);
      expect(refused).to.equal(1);
    });

    it("answers a bad token so that tRPC's client reads the code", async () => {
      const links = [httpLink({ url: host.url, transformer, headers: withToken("garbage") })];
      const outcome = await outcomeOf(createTRPCClient<Router>({ links }).who.query());
      expect(outcome).to.include({ code: "INVALID_TOKEN", message: "Invalid token" });
    });

    it("is no server that is known to a client without it", async () => {
      const { username } = await context.createUser();
      const auth = createAuthClient<Router>({ url: host.url });
      expect(await rejection(auth.login(username, PASSWORD))).to.have.property("code", "UNEXPECTED_ANSWER");
    });
  });
}
