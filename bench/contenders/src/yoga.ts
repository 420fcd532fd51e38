// GraphQL Yoga 5 with its JWT plugin, on Node's HTTP server, as its documentation sets it up.
import { createInlineSigningKeyProvider, extractFromHeader, useJWT } from "@graphql-yoga/plugin-jwt";
import { createYoga } from "graphql-yoga";
import { serve } from "../../../build/bench/servers/serve.js";
import { viewerSchemaOfContender } from "../../../build/bench/servers/viewer-schema.js";
import { MEMORY_USERS, SECRET } from "../../../build/bench/subject.js";

const yoga = createYoga({
  schema: await viewerSchemaOfContender(),
  logging: false,
  graphiql: false,
  plugins: [
    useJWT({
      signingKeyProviders: [createInlineSigningKeyProvider(SECRET)],
      tokenVerification: { algorithms: ["HS256"] },
      tokenLookupLocations: [extractFromHeader({ name: "authorization", prefix: "Bearer" })],
    }),
  ],
  context: (request) => {
    const { jwt } = request as unknown as { jwt?: { payload: { username: string } } }; // the plugin's
    return { user: MEMORY_USERS.get(jwt?.payload.username ?? "") ?? null };
  },
});
serve((req, res) => void yoga(req, res));
