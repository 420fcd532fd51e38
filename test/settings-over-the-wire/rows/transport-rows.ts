import { row } from "../row.js";
import type { WireClient } from "../wire-client.js";

/** Who a request with a valid token in this header, after this word, is taken to be of. */
async function carried(client: WireClient, carriers: Readonly<Record<string, readonly [string, string]>>) {
  const token = await client.newToken();
  const seen: Record<string, string> = {};
  for (const [name, [header, prefix]] of Object.entries(carriers)) {
    seen[name] = await client.whoIs(token, { header, prefix });
  }
  return seen;
}

/** Whether a token in this argument decides who `me` is. */
async function isTakenFromArgument(client: WireClient, name: string): Promise<boolean> {
  const { data } = await client.call("me", { args: { [name]: await client.newToken() }, fields: "username" });
  return data?.["username"] === client.username;
}

const HEADERS = { authorization: ["authorization", "JWT"], xToken: ["x-token", "JWT"] } as const;

const prefixes = (client: WireClient) =>
  carried(client, {
    JWT: ["authorization", "JWT"],
    Bearer: ["authorization", "Bearer"],
    token: ["authorization", "token"],
  });

/** How an access token travels in a header or an argument. */
export const TRANSPORT_ROWS = [
  row({
    setting: "authHeaderName",
    value: { environment: "HTTP_X_TOKEN", code: "X-Token" },
    look: (client) => carried(client, HEADERS),
    byDefault: { authorization: "the user", xToken: "nobody" },
    instead: { authorization: "nobody", xToken: "the user" },
  }),
  row({
    setting: "authHeaderPrefix",
    value: { environment: "Bearer", code: "Bearer" },
    look: prefixes,
    byDefault: { JWT: "the user", Bearer: "nobody", token: "nobody" },
    instead: { JWT: "nobody", Bearer: "the user", token: "nobody" },
  }),
  row({
    setting: "authHeaderPrefix",
    value: { environment: "Bearer, Token", code: ["Bearer", "Token"] },
    look: async (client) => {
      const { headers } = await client.call("me", { fields: "id", headers: { authorization: "Bearer x" } });
      return { takenFrom: await prefixes(client), challenge: headers.get("www-authenticate") };
    },
    byDefault: { takenFrom: { JWT: "the user", Bearer: "nobody", token: "nobody" }, challenge: null },
    instead: {
      takenFrom: { JWT: "nobody", Bearer: "the user", token: "the user" },
      challenge: 'Bearer error="invalid_token", Token error="invalid_token"',
    },
  }),
  row({
    setting: "allowArgument",
    value: { environment: "true", code: true },
    look: (client) => isTakenFromArgument(client, "token"),
    byDefault: false,
    instead: true,
  }),
  row({
    setting: "argumentName",
    value: { environment: "jwt", code: "jwt" },
    given: { JWT_ALLOW_ARGUMENT: "true" },
    look: async (client) => ({
      token: await isTakenFromArgument(client, "token"),
      jwt: await isTakenFromArgument(client, "jwt"),
    }),
    byDefault: { token: true, jwt: false },
    instead: { token: false, jwt: true },
  }),
];
