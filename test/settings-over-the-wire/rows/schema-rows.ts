import { graphql } from "../../support/http.js";
import { row } from "../row.js";
import type { WireClient } from "../wire-client.js";

/** Whether there is an operation of this name. */
async function exists(client: WireClient, operation: string, fields: string): Promise<boolean> {
  const { error } = await client.call(operation, { args: { username: "u", password: "p" }, fields });
  return error?.code !== "GRAPHQL_VALIDATION_FAILED" && error?.code !== "NOT_FOUND";
}

const GRAPHQL_JWT = { tokenAuth: true, requestToken: false };

/** What the GraphQL schema is, and who may see it. */
export const SCHEMA_ROWS = [
  row({
    setting: "mutations",
    value: { environment: "strawberry", code: "strawberry" },
    look: async (client) => ({
      tokenAuth: await exists(client, "tokenAuth", "token"),
      requestToken: await exists(client, "requestToken", "token"),
    }),
    byDefault: GRAPHQL_JWT,
    instead: { tokenAuth: false, requestToken: true },
    overTrpc: GRAPHQL_JWT,
  }),
  row({
    setting: "authenticateIntrospection",
    value: { environment: "true", code: true },
    look: async ({ face, context }) => {
      if (face === "tRPC") return "has no introspection";
      const { body } = await graphql(`${context.url}/graphql`, '{ __type(name: "UserType") { name } }');
      return body.errors?.[0]?.extensions?.code ?? JSON.stringify(body.data);
    },
    byDefault: '{"__type":{"name":"UserType"}}',
    instead: "INTROSPECTION_DISABLED",
    overTrpc: "has no introspection",
  }),
];
