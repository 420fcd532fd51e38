import type { FastifyInstance } from "fastify";

/** Leaves JSON bodies as text within this plugin: GraphQL and tRPC parse them, and answer for bad ones, each in its way. */
export function takeJsonAsText(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => done(null, body));
}
