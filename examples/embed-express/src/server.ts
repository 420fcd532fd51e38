import { createExpressMiddleware } from "@trpc/server/adapters/express";
import express, { type NextFunction, type Request, type Response } from "express";
import { createGraphQLHandler, retryAfterHeader, sendResponse } from "janus-auth";
import { buildSchema } from "type-graphql";
import { auth, dataSource } from "./auth.js";
import { appRouter, type Context, RecipeResolver } from "./recipes.js";

const resolvers = [...auth.resolvers, RecipeResolver] as const;
const schema = await buildSchema({ resolvers, authChecker: auth.authChecker });
await auth.assertRules({ resolvers, schema, router: appRouter }); // Nothing that somebody forgot a rule for.
const graphql = createGraphQLHandler(schema);
const recipes = ["Bread"];
const onServerError = console.error;
const contextOf = (res: Response) => res.locals.context as Context;

const app = express().disable("x-powered-by");

app.use(async (req, res, next) => {
  res.set("cache-control", "no-store"); // There are tokens in these answers.
  if (!server.listening) res.set("connection", "close"); // It stops: the client is not to send more.
  res.locals.context = { recipes, ...(await auth.context(req)) } satisfies Context;
  next();
});

// Without `express.json()` in front the body is the request itself, a stream; with it, `req.body`.
app.all("/graphql", async (req, res) => {
  sendResponse(res, await graphql({ request: req, body: req.body ?? req, context: contextOf(res), onServerError }));
});

app.use(
  "/trpc",
  createExpressMiddleware({
    router: appRouter,
    createContext: ({ res }) => contextOf(res),
    maxBodySize: 65_536,
    responseMeta: ({ errors }) => ({ headers: retryAfterHeader(errors) }),
    onError: ({ error }) => error.code === "INTERNAL_SERVER_ERROR" && onServerError(error.cause),
  }),
);

// A bad token ends here, with 401, whatever the URL. Express knows an error handler by its four arguments.
app.use(async (error: unknown, req: Request, res: Response, _next: NextFunction) => {
  const trpc = req.originalUrl.startsWith("/trpc/");
  sendResponse(res, await auth.errorResponse({ request: req, error, trpc, onServerError }));
});

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`Recipes on http://127.0.0.1:${port}`);
});

// Running requests are answered, new ones refused, then the database closes.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => void dataSource.destroy());
    setTimeout(() => server.closeAllConnections(), 10_000).unref();
  });
}
