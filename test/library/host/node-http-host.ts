import { createServer, type Server, type ServerResponse } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { buildSchema } from "type-graphql";
import { type Auth, createGraphQLHandler, type HttpResponse } from "../../../src/index.js";
import type { Member } from "./members.js";
import { RecipeResolver } from "./recipe-resolver.js";
import { hostRouter } from "./recipe-router.js";
import type { Recipes } from "./recipes.js";

/** Node's own HTTP server with both faces in it, as a reader of the README writes it. */
export async function nodeHttpHost(
  auth: Auth<Member>,
  recipes: Recipes,
  log: (error: unknown) => void,
): Promise<Server> {
  const resolvers = [...auth.resolvers, RecipeResolver] as const;
  const graphql = createGraphQLHandler(await buildSchema({ resolvers, authChecker: auth.authChecker }));
  const router = hostRouter(auth.trpcRouter);

  return createServer(async (req, res) => {
    const [path = ""] = (req.url ?? "").split("?");
    const trpc = path.startsWith("/trpc/");
    try {
      const context = { ...(await auth.context(req)), recipes };
      if (path === "/graphql") send(res, await graphql({ request: req, body: req, context, onInternalError: log }));
      else if (trpc) {
        const procedures = path.slice("/trpc/".length);
        await nodeHTTPRequestHandler({ router, req, res, path: procedures, createContext: async () => context });
      } else res.writeHead(404).end();
    } catch (error) {
      send(res, await auth.errorResponse({ request: req, error, trpc, onInternalError: log }));
    }
  });
}

function send(res: ServerResponse, { status, headers, body }: HttpResponse): void {
  res.writeHead(status, headers).end(body);
}
