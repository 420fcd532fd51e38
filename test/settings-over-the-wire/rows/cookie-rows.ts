import { parseSetCookie, type SetCookie } from "cookie";

import { row } from "../row.js";
import type { WireAnswer, WireClient } from "../wire-client.js";

const COOKIES = { JWT_COOKIES: "true" };
const LONG_RUNNING = { ...COOKIES, JWT_LONG_RUNNING_REFRESH_TOKEN: "true" };

/** The cookies that an answer sets. */
function cookiesOf({ headers }: WireAnswer): SetCookie[] {
  return headers.getSetCookie().map((text) => parseSetCookie(text));
}

const cookieNames = async (client: WireClient) => cookiesOf(await client.logIn()).map(({ name }) => name);

/** An attribute of each cookie of a login; undefined where it is missing. */
async function attributes(client: WireClient, name: keyof SetCookie) {
  return cookiesOf(await client.logIn()).map((cookie) => cookie[name]);
}

/** Tokens in cookies. */
export const COOKIE_ROWS = [
  row({
    setting: "cookies",
    value: { environment: "true", code: true },
    look: async (client) => {
      const login = await client.logIn();
      const cookie = `JWT=${String(login.data?.["token"])}; csrftoken=x`;
      const me = await client.call("me", { fields: "username", headers: { cookie, "x-csrftoken": "x" } });
      return { set: cookiesOf(login).map(({ name }) => name), withTheTokenInACookie: client.nameOf(me) };
    },
    byDefault: { set: [], withTheTokenInACookie: "nobody" },
    instead: { set: ["JWT", "csrftoken"], withTheTokenInACookie: "the user" },
  }),
  row({
    setting: "cookieName",
    value: { environment: "access", code: "access" },
    given: COOKIES,
    look: cookieNames,
    byDefault: ["JWT", "csrftoken"],
    instead: ["access", "csrftoken"],
  }),
  row({
    setting: "refreshTokenCookieName",
    value: { environment: "refresh", code: "refresh" },
    given: LONG_RUNNING,
    look: cookieNames,
    byDefault: ["JWT", "JWT-refresh-token", "csrftoken"],
    instead: ["JWT", "refresh", "csrftoken"],
  }),
  row({
    setting: "cookieSecure",
    value: { environment: "true", code: true },
    given: COOKIES,
    look: (client) => attributes(client, "secure"),
    byDefault: [undefined, undefined],
    instead: [true, true],
  }),
  row({
    setting: "cookiePath",
    value: { environment: "/api", code: "/api" },
    given: COOKIES,
    look: (client) => attributes(client, "path"),
    byDefault: ["/", "/"],
    instead: ["/api", "/api"],
  }),
  row({
    setting: "refreshTokenCookiePath",
    value: { environment: "/graphql,/trpc", code: ["/graphql", "/trpc"] },
    given: LONG_RUNNING,
    look: (client) => attributes(client, "path"),
    byDefault: ["/", "/", "/"],
    instead: ["/", "/graphql", "/trpc", "/"],
  }),
  row({
    setting: "cookieDomain",
    value: { environment: "example.org", code: "example.org" },
    given: COOKIES,
    look: (client) => attributes(client, "domain"),
    byDefault: [undefined, undefined],
    instead: ["example.org", "example.org"],
  }),
  row({
    setting: "cookieSameSite",
    value: { environment: "Strict", code: "Strict" },
    given: COOKIES,
    look: (client) => attributes(client, "sameSite"),
    byDefault: [undefined, undefined],
    instead: ["strict", "strict"],
  }),
  row({
    setting: "hideTokenFields",
    value: { environment: "true", code: true },
    given: COOKIES,
    look: async (client) => {
      const { data } = await client.logIn({ fields: "token refreshExpiresIn" });
      const withoutToken = await client.logIn({ fields: "refreshExpiresIn" });
      return {
        token: typeof data?.["token"],
        tokenInACookie: cookiesOf(withoutToken).some(({ name }) => name === "JWT"),
      };
    },
    byDefault: { token: "string", tokenInACookie: true },
    instead: { token: "undefined", tokenInACookie: true },
  }),
  row({
    setting: "csrfRotation",
    value: { environment: "true", code: true },
    given: COOKIES,
    look: async (client) => {
      const csrfOf = (answer: WireAnswer) => cookiesOf(answer).find(({ name }) => name === "csrftoken")?.value;
      const first = csrfOf(await client.logIn());
      const second = csrfOf(await client.logIn({ headers: { cookie: `csrftoken=${first}` } }));
      return second === first ? "the same CSRF token again" : "a new CSRF token";
    },
    byDefault: "the same CSRF token again",
    instead: "a new CSRF token",
  }),
  row({
    setting: "requirePreflight",
    value: { environment: "true", code: true },
    given: COOKIES,
    look: async (client) => {
      const cookie = `JWT=${await client.newToken()}; csrftoken=x`;
      const path = client.face === "tRPC" ? "/trpc/auth.me" : "/graphql?query={me{id}}";
      const statuses: Record<string, number> = {};
      for (const site of ["cross-site", "same-origin"]) {
        const headers = { cookie, "sec-fetch-site": site };
        statuses[site] = (await fetch(`${client.context.url}${path}`, { headers })).status;
      }
      return statuses;
    },
    byDefault: { "cross-site": 200, "same-origin": 200 },
    instead: { "cross-site": 403, "same-origin": 200 },
  }),
];
