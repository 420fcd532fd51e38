import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { buildSchema } from "type-graphql";
import { type Auth, type AuthContext, createGraphQLHandler, type HttpResponse } from "../../../src/index.js";
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
        return await nodeHTTPRequestHandler({
          router,
          req,
          res,
          path: path.slice("/trpc/".length),
          maxBodySize: 65_536,
          createContext: async () => context,
          responseMeta: () => ({ headers: cookieHeaders(context) }),
          onError: ({ error }) => error.code === "INTERNAL_SERVER_ERROR" && onServerError(error.cause),
        });
      }
      if (path === "/graphql") {
        const response = await graphql({ request: req, body: req, context, onServerError });
        return send(res, response, cookieHeaders(context));
      }
      res.writeHead(404).end();
    } catch (error) {
      send(res, await auth.errorResponse({ request: req, error, trpc, onServerError }));
    }
  }

  return createServer((req, res) => void answer(req, res));
}

function send(res: ServerResponse, { status, headers, body }: HttpResponse, more: OutgoingHttpHeaders = {}): void {
  res.writeHead(status, { ...headers, ...more }).end(body);
}

function cookieHeaders({ cookies }: AuthContext<Member>): Record<string, string[]> {
  return cookies ? { "set-cookie": cookies.setCookieHeaders() } : {};
}
