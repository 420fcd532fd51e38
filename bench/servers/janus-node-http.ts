// Janus as a library on Node's own HTTP server, as the README writes it, on users in memory.
import "reflect-metadata";
import { createGraphQLHandler, sendResponse } from "../../src/index.js";
import { memoryAuth } from "./memory-auth.js";
import { serve } from "./serve.js";
import { viewerSchema } from "./viewer-schema.js";

const auth = await memoryAuth();
const graphql = createGraphQLHandler(await viewerSchema(auth.authChecker));
const onServerError = console.error;

serve((request, res) => {
  void auth
    .context(request)
    .then((context) => graphql({ request, body: request, context, onServerError }))
    .catch((error: unknown) => auth.errorResponse({ request, error, onServerError }))
    .then((answer) => sendResponse(res, answer));
});
