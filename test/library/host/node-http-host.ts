import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
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
  onServerError: (error: unknown) => void,
): Promise<Server> {
  const resolvers = [...auth.resolvers, RecipeResolver] as const;
  const graphql = createGraphQLHandler(await buildSchema({ resolvers, authChecker: auth.authChecker }));
  const router = hostRouter(auth.trpcRouter);

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = ""] = (req.url ?? "").split("?");
    const trpc = path.startsWith("/trpc/");
    try {
      const context = { ...(await auth.context(req)), recipes };
      if (trpc) {
        const procedures = path.slice("/trpc/".length);
        return await nodeHTTPRequestHandler({ router, req, res, path: procedures, createContext: async () => context });
      }
      if (path === "/graphql") return send(res, await graphql({ request: req, body: req, context, onServerError }));
      res.writeHead(404).end();
    } catch (error) {
      send(res, await auth.errorResponse({ request: req, error, trpc, onServerError }));
    }
  }

  return createServer((req, res) => void answer(req, res));
}

function send(res: ServerResponse, { status, headers, body }: HttpResponse): void {
  res.writeHead(status, headers).end(body);
}
