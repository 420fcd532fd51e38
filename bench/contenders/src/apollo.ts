// Apollo Server 5, standalone, as its documentation sets it up.
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { type ViewerContext, viewerSchemaOfContender } from "../../../build/bench/servers/viewer-schema.js";
import { userOf } from "./user-of.js";

const server = new ApolloServer<ViewerContext>({ schema: await viewerSchemaOfContender() });
const { url } = await startStandaloneServer(server, {
  listen: { host: "127.0.0.1", port: 0 },
  context: async ({ req }) => ({ user: userOf(req.headers.authorization) }),
});
console.log(`ready ${url.replace(/\/$/, "")}`);
