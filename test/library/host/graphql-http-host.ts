import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { initTRPC } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { createHandler } from "graphql-http/lib/use/http";
import { buildSchema } from "type-graphql";
import { type Auth, type AuthRouter, createTrpc, formatTRPCError } from "../../../src/index.js";
import type { Member } from "./members.js";
import { type HostContext, RecipeResolver } from "./recipe-resolver.js";
import type { Recipes } from "./recipes.js";

// A host that has a tRPC of its own, and takes nothing of ours but the protected procedures.
const t = initTRPC.context<HostContext>().create({ errorFormatter: formatTRPCError });
const { authorized } = createTrpc<HostContext>();
const editing = t.procedure.concat(authorized("perm:recipes.edit"));

const ownRouter = t.router({
  whoEdits: editing.query(({ ctx }) => {
    ctx.recipes.all(ctx.user.email);
    return ctx.user.kitchen;
  }),
});

/** Ours and its own, side by side. */
function mergedRouter(auth: AuthRouter) {
  return t.mergeRouters(auth, ownRouter);
}

export type HostRouter = ReturnType<typeof mergedRouter>;

/** A host on graphql-http's own handler, which also knows its users by an API key. */
export async function graphqlHttpHost(
  auth: Auth<Member>,
  recipes: Recipes,
  apiKeys: ReadonlyMap<string, Member>,
): Promise<Server> {
  const contexts = new WeakMap<IncomingMessage, HostContext>();
  const contextOf = (req: IncomingMessage): HostContext => {
    const context = contexts.get(req);
    if (!context) throw new Error("the request was not authenticated");
    return context;
  };
  const graphql = createHandler<HostContext>({
    schema: await buildSchema({
      resolvers: [...auth.resolvers, RecipeResolver],
      authChecker: auth.silentAuthChecker,
      authMode: "null",
    }),
    context: (req) => contextOf(req.raw),
    validationRules: (req, _args, rules) => [...rules, ...auth.introspectionRules(contextOf(req.raw))],
  });
  const trpc = createHTTPHandler({
    router: mergedRouter(auth.trpcRouter),
    basePath: "/trpc/",
    createContext: ({ req }) => contextOf(req),
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      const member = apiKeys.get(String(req.headers["x-api-key"]));
      contexts.set(req, { ...(await auth.context(req, member)), recipes });
    } catch (error) {
      const { status, headers, body } = await auth.errorResponse({
        request: req,
        error,
        trpc: req.url?.startsWith("/trpc/") === true,
        onServerError: console.error,
      });
      return void res.writeHead(status, headers).end(body);
    }
    if (req.url === "/graphql") await graphql(req, res);
    else trpc(req, res);
  }

  return createServer((req, res) => void answer(req, res));
}
