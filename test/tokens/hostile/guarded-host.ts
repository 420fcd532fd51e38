import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { Arg, Authorized, buildSchema, Query, Resolver } from "type-graphql";
import { type Auth, createGraphQLHandler, createTrpc, type HttpResponse } from "../../../src/index.js";

/** How often something ran that only a user may run. */
export interface Guarded {
  runs: number;
}

/** A host application on Node's own server, with one field and one procedure that nobody gets at without a token. */
export async function guardedHost(
  auth: Auth,
  guarded: Guarded,
  onServerError: (error: unknown) => void,
): Promise<Server> {
  @Resolver()
  class SecretResolver {
    @Authorized()
    @Query(() => String, { nullable: true })
    secret(@Arg("token", () => String, { nullable: true }) _token: string | null): string {
      guarded.runs += 1;
      return "the secret";
    }
  }
  const graphql = createGraphQLHandler(
    await buildSchema({
      resolvers: [...auth.resolvers, SecretResolver],
      authChecker: auth.authChecker,
      globalMiddlewares: auth.globalMiddlewares,
    }),
  );
  const { router, authorized } = createTrpc();
  const trpc = router({
    auth: auth.trpcRouter,
    secret: authorized()
      .input((input) => input as { token?: string } | undefined)
      .query(() => {
        guarded.runs += 1;
        return "the secret";
      }),
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = ""] = (req.url ?? "").split("?");
    const isTrpc = path.startsWith("/trpc/");
    try {
      const context = await auth.context(req);
      if (!isTrpc) return send(res, await graphql({ request: req, body: req, context, onServerError }));
      await nodeHTTPRequestHandler({
        router: trpc,
        req,
        res,
        path: path.slice("/trpc/".length),
        allowMethodOverride: true, // A token of 50 kB is too long for a URL.
        createContext: async () => context,
        onError: ({ error }) => error.code === "INTERNAL_SERVER_ERROR" && onServerError(error.cause),
      });
    } catch (error) {
      send(res, await auth.errorResponse({ request: req, error, trpc: isTrpc, onServerError }));
    }
  }
  return createServer((req, res) => void answer(req, res));
}

function send(res: ServerResponse, { status, headers, body }: HttpResponse): void {
  res.writeHead(status, headers).end(body);
}
