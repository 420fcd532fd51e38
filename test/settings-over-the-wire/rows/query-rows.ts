import { post } from "../../support/http.js";
import { until } from "../../support/until.js";
import { type Row, row } from "../row.js";

const NOT_OVER_TRPC = "has no queries of the client's own";

/** What an anonymous GraphQL client is answered: the status and the first message, or nothing where it is answered. */
function limitRow(setting: Row["setting"], value: number, body: unknown, refused: string): Row {
  return row({
    setting,
    value: { environment: String(value), code: value },
    look: async ({ face, context }) => {
      if (face === "tRPC") return NOT_OVER_TRPC;
      const { body: answer } = await post(`${context.url}/graphql`, body);
      const { errors } = JSON.parse(answer) as { errors?: [{ message: string }] };
      return errors?.[0].message ?? "is answered";
    },
    byDefault: "is answered",
    instead: refused,
    overTrpc: NOT_OVER_TRPC,
  });
}

/** How much a GraphQL query may ask for. */
export const QUERY_ROWS: readonly Row[] = [
  limitRow("queryDepthLimit", 1, { query: "{ me { id } }" }, "The query is deeper than 1 fields."),
  limitRow(
    "queryAliasLimit",
    2,
    { query: "{ a: __typename b: __typename c: __typename }" },
    "The query has more than 2 aliases.",
  ),
  limitRow("queryTokenLimit", 5, { query: "{ me { id } }" }, "The query has more than 5 tokens."),
  limitRow("queryComplexityLimit", 2, { query: "{ me { id username } }" }, "The query is more complex than 2."),
  {
    ...limitRow("queryBatchLimit", 1, [{ query: "{ __typename }" }], "is answered"),
    byDefault: "Batches are not allowed: send one operation in a request",
  },
  row({
    setting: "connectionsPerUser",
    value: { environment: "1", code: 1 },
    look: async (client) => {
      const headers = { accept: "text/event-stream", authorization: `JWT ${await client.newToken()}` };
      const path =
        client.face === "tRPC" ? "/trpc/auth.sessionEvents" : "/graphql?query=subscription{sessionEvents{at}}";
      const stopped = new AbortController();
      const { connections } = client.context.server.application.auth;
      for (let asked = 0; asked < 3; asked += 1)
        await fetch(client.context.url + path, { headers, signal: stopped.signal });
      const { size } = connections;
      stopped.abort();
      await until(() => connections.size === 0);
      return `${size} of 3 streams`;
    },
    byDefault: "3 of 3 streams",
    instead: "1 of 3 streams",
  }),
];
