import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from "@trpc/server/adapters/fastify";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { createGraphQLHandler, type HttpResponse, type RequestBody, retryAfterHeader } from "janus-auth";
import { buildSchema } from "type-graphql";
import { auth, dataSource } from "./auth.js";
import { type AppRouter, appRouter, type Context, RecipeResolver } from "./recipes.js";

const resolvers = [...auth.resolvers, RecipeResolver] as const;
const schema = await buildSchema({ resolvers, authChecker: auth.authChecker });
await auth.assertRules({ resolvers, schema, router: appRouter }); // Nothing that somebody forgot a rule for.
const graphql = createGraphQLHandler(schema);
const recipes = ["Bread"];
const onServerError = console.error;
const contextOf = (request: FastifyRequest) => request.getDecorator<Context>("janus");

const app = Fastify({ bodyLimit: 65_536, forceCloseConnections: "idle" });

app.decorateRequest("janus", null);
app.addHook("onRequest", async (request, reply) => {
  reply.header("cache-control", "no-store"); // There are tokens in these answers.
  const context: Context = { recipes, ...(await auth.context(request)) };
  request.setDecorator("janus", context);
});

// A bad token ends here, with 401, whatever the URL; and what Fastify refuses, a malformed body for example, with its 4xx.
app.setErrorHandler(async (error, request, reply) => {
  const trpc = request.url.startsWith("/trpc/");
  return send(reply, await auth.errorResponse({ request, error, trpc, onServerError }));
});

app.all("/graphql", async (request, reply) => {
  const body = (request.body ?? null) as RequestBody; // Fastify has parsed it.
  return send(reply, await graphql({ request, body, context: contextOf(request), onServerError }));
});

const trpcOptions: FastifyTRPCPluginOptions<AppRouter>["trpcOptions"] = {
  router: appRouter,
  createContext: ({ req }) => contextOf(req),
  responseMeta: ({ errors }) => ({ headers: retryAfterHeader(errors) }),
  onError: ({ error }) => error.code === "INTERNAL_SERVER_ERROR" && onServerError(error.cause),
};
await app.register(fastifyTRPCPlugin, { prefix: "/trpc", trpcOptions });

function send(reply: FastifyReply, { status, headers, body }: HttpResponse): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

// Running requests are answered, new ones refused, then the database closes.
app.addHook("onClose", () => dataSource.destroy());
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void app.close());

console.log(`Recipes on ${await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT ?? 3000) })}`);
