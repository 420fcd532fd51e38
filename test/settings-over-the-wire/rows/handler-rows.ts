import { createDataSource } from "../../../src/index.js";
import { SECRET_KEY } from "../../support/forge.js";
import { NOW } from "../../support/test-context.js";
import { jsonRefusal, trpcRefusal } from "../../support/unauthorized-answers.js";
import {
  decode,
  decodeLater,
  DeviceSession,
  encode,
  encodeLater,
  expiredAfterAMinute,
  expiredAfterAMinuteLater,
  ghost,
  ghostLater,
  goAway,
  goAwayLater,
  importString,
  ofOldSystem,
  ofOldSystemLater,
  payload,
  payloadLater,
  usernameOfSub,
  usernameOfSubLater,
} from "../handlers.js";
import { claimsOf, isSignedBy, sign } from "../jwt.js";
import { type Row, row } from "../row.js";
import { outcomeOf, type WireClient } from "../wire-client.js";

const LONG_RUNNING = { JWT_LONG_RUNNING_REFRESH_TOKEN: "true" };

/** Both ways of giving a handler, each with one that answers at once and one that answers later. */
function handlerRows<Seen>(atOnceAndLater: Readonly<Record<string, unknown>>, rest: Omit<Row<Seen>, "value">): Row[] {
  const [atOnce, later] = Object.entries(atOnceAndLater);
  if (!atOnce || !later) throw new Error("two handlers are needed");
  return [
    row({ ...rest, value: { environment: importString(atOnce[0]), code: later[1] } }),
    row({ ...rest, value: { environment: importString(later[0]), code: atOnce[1] } }),
  ];
}

/** The sessions of a user in each of the two tables. */
async function sessionRows({ context, username }: WireClient) {
  const { dataSource } = context.server.application;
  const count = async (table: string) => {
    const [found] = await dataSource.query<{ count: number }[]>(
      `SELECT COUNT(*) AS count FROM ${table} WHERE user = ?`,
      [username],
    );
    return found?.count;
  };
  return { refresh_token: await count("refresh_token"), device_session: await count("device_session") };
}

/** Makes the table of the model as its migration would. */
async function createDeviceSessions(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, entities: [DeviceSession] }).initialize();
  await dataSource.synchronize();
  await dataSource.destroy();
}

/** A refusal as it is on the wire. */
async function refusal({ face, context }: WireClient) {
  const url = `${context.url}/${face === "GraphQL" ? "graphql?query=%7Bme%7Bid%7D%7D" : "trpc/auth.me"}`;
  const response = await fetch(url, { headers: { authorization: "JWT x" } });
  const type = response.headers.get("content-type");
  const body: unknown = type === JSON_TYPE ? await response.json() : await response.text();
  return { status: response.status, refused: response.headers.get("x-refused"), answer: { type, body } };
}

const JSON_TYPE = "application/json; charset=utf-8";
const JSON_ANSWER = { type: JSON_TYPE, body: jsonRefusal("Invalid token") };
/** Its client can read nothing but its own envelope. */
const TRPC_ANSWER = { type: JSON_TYPE, body: trpcRefusal("Invalid token") };

/** What an application can put in the place of what is built in. */
export const HANDLER_ROWS = [
  ...handlerRows(
    { encode, encodeLater },
    {
      setting: "encodeHandler",
      look: async (client) => {
        const token = await client.newToken();
        return token.startsWith("home-made.") ? "home-made" : isSignedBy(token, SECRET_KEY) && "signed";
      },
      byDefault: "signed",
      instead: "home-made",
    },
  ),
  ...handlerRows(
    { decode, decodeLater },
    {
      setting: "decodeHandler",
      look: async (client) => {
        const homeMade = Buffer.from(JSON.stringify({ username: client.username })).toString("base64url");
        return {
          homeMade: await client.whoIs(`home-made.${homeMade}`),
          signed: await client.whoIs(sign({ username: client.username }, SECRET_KEY)),
        };
      },
      byDefault: { homeMade: "401 Invalid token", signed: "the user" },
      instead: { homeMade: "the user", signed: "401 Invalid token" },
    },
  ),
  ...handlerRows(
    { payload, payloadLater },
    {
      setting: "payloadHandler",
      look: async (client) => {
        const login = await client.logIn({ fields: "token payload" });
        const { username, ...others } = claimsOf(String(login.data?.["token"]));
        return { isOfTheUser: username === client.username, others };
      },
      byDefault: { isOfTheUser: true, others: { exp: NOW + 300, origIat: NOW } },
      instead: { isOfTheUser: true, others: { scope: "everything", validFor: "300 s from 2024-01-01T00:00:00.000Z" } },
    },
  ),
  ...handlerRows(
    { usernameOfSub, usernameOfSubLater },
    {
      setting: "payloadGetUsernameHandler",
      look: async (client) => ({
        username: await client.whoIs(sign({ username: client.username }, SECRET_KEY)),
        sub: await client.whoIs(sign({ sub: client.username }, SECRET_KEY)),
      }),
      byDefault: { username: "the user", sub: "401 Invalid token" },
      instead: { username: "401 Invalid token", sub: "the user" },
    },
  ),
  ...handlerRows(
    { ghost, ghostLater },
    {
      setting: "getUserByNaturalKeyHandler",
      look: async (client) => ({
        ghost: await client.whoIs(sign({ username: "ghost" }, SECRET_KEY)),
        user: await client.whoIs(await client.newToken()),
      }),
      byDefault: { ghost: "nobody", user: "the user" },
      // The password is the directory's business: whoever it knows logs in, and is nobody to the handler.
      instead: { ghost: "ghost", user: "nobody" },
    },
  ),
  row({
    setting: "refreshTokenModel",
    value: { environment: importString("DeviceSession"), code: DeviceSession },
    given: LONG_RUNNING,
    prepare: createDeviceSessions,
    look: async (client) => {
      await client.newSession();
      return sessionRows(client);
    },
    byDefault: { refresh_token: 1, device_session: 0 },
    instead: { refresh_token: 0, device_session: 1 },
  }),
  ...handlerRows(
    { expiredAfterAMinute, expiredAfterAMinuteLater },
    {
      setting: "refreshExpiredHandler",
      look: async (client) => {
        const token = await client.newToken();
        client.context.clock.advance(61);
        return outcomeOf(await client.call("refreshToken", { args: { token }, fields: "token" }));
      },
      byDefault: "done",
      instead: "REFRESH_TOKEN_EXPIRED: Refresh has expired",
    },
  ),
  ...handlerRows(
    { ofOldSystem, ofOldSystemLater },
    {
      setting: "getRefreshTokenHandler",
      given: LONG_RUNNING,
      look: async (client) => ({
        own: outcomeOf(await client.refresh((await client.newSession()).refreshToken)),
        ofTheOldSystem: outcomeOf(await client.refresh(`old-system:${client.username}`)),
      }),
      byDefault: { own: "done", ofTheOldSystem: "INVALID_REFRESH_TOKEN: Invalid refresh token" },
      instead: { own: "INVALID_REFRESH_TOKEN: Invalid refresh token", ofTheOldSystem: "done" },
    },
  ),
  ...handlerRows(
    { goAway, goAwayLater },
    {
      setting: "unauthorizedResponseHandler",
      look: async (client) => {
        const { status, refused } = await refusal(client);
        return { status, refused };
      },
      byDefault: { status: 401, refused: null },
      instead: { status: 403, refused: "INVALID_TOKEN" },
    },
  ),
  ...[
    {
      value: { environment: importString("goAway"), code: goAway },
      instead: { type: "text/html", body: "<p>No GET with this token.</p>" } as unknown,
    },
    {
      value: { environment: "httpResponseHandler", code: "httpResponseHandler" },
      instead: { type: "text/plain; charset=utf-8", body: "Invalid token" },
    },
  ].map((different) =>
    row({
      setting: "unauthorizedResponseHandler",
      look: async (client) => (await refusal(client)).answer as unknown,
      byDefault: JSON_ANSWER,
      overTrpc: TRPC_ANSWER,
      ...different,
    }),
  ),
];
