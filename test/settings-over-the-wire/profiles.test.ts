import { parseSetCookie } from "cookie";
import { expect } from "chai";

import { REFRESH_PATHS } from "../../src/server/paths.js";
import { SECRET_KID } from "../support/forge.js";
import { graphql } from "../support/http.js";
import { NOW, TestContext } from "../support/test-context.js";
import { claimsOf, headerOf } from "./jwt.js";
import { FACES, outcomeOf, textOf, WireClient } from "./wire-client.js";
import { withContext } from "./with-context.js";

const DAY = 86_400;
const LONG_RUNNING = { JWT_LONG_RUNNING_REFRESH_TOKEN: "true" };
const ROTATING = { ...LONG_RUNNING, JWT_REUSE_REFRESH_TOKENS: "true" };
const COOKIES = { JWT_COOKIES: "true" };

/** What a client sees of the defaults of each profile. */
interface ProfileRow {
  readonly what: string;
  /** What both are given, so that the default in question can be seen. */
  readonly given?: Readonly<Record<string, string>>;
  readonly look: (client: WireClient) => Promise<unknown>;
  readonly documented: unknown;
  readonly hardened: unknown;
}

/** `me` and 6 * 6 * 6 times its seven fields. */
const SPREAD = [
  `{ me { ${"...A ".repeat(6)} } }`,
  `fragment A on UserType { ${"...B ".repeat(6)} }`,
  `fragment B on UserType { ${"...C ".repeat(6)} }`,
  "fragment C on UserType { id username email isStaff isSuperuser roles permissions }",
].join(" ");

const logInWithAllFields = (client: WireClient) => client.logIn({ fields: "token refreshToken refreshExpiresIn" });

const ROWS: readonly ProfileRow[] = [
  {
    what: "profile: the type and the claims of a token",
    look: async (client) => {
      const token = await client.newToken();
      return [headerOf(token), Object.keys(claimsOf(token)).toSorted()];
    },
    documented: [{ alg: "HS256", typ: "JWT", kid: SECRET_KID }, ["exp", "origIat", "username"]],
    hardened: [{ alg: "HS256", typ: "at+jwt", kid: SECRET_KID }, ["exp", "jti", "origIat", "sid", "username"]],
  },
  {
    what: "verifyExpiration: a token that has expired",
    look: async (client) => {
      const token = await client.newToken();
      client.context.clock.advance(300);
      return client.whoIs(token);
    },
    documented: "the user",
    hardened: "401 Token expired",
  },
  {
    what: "verifySession: a token after its session was ended",
    given: LONG_RUNNING,
    look: async (client) => {
      const { token, refreshToken } = await client.newSession();
      await client.call("revokeToken", { args: { refreshToken }, fields: "revoked" });
      return client.whoIs(token);
    },
    documented: "the user",
    hardened: "401 Invalid token",
  },
  {
    what: "longRunningRefreshToken: the sessions in the database after a login",
    look: async (client) => {
      await client.newToken();
      return (await client.context.sessionsOf(client.username)).length;
    },
    documented: 0,
    hardened: 1,
  },
  {
    what: "refreshAbsoluteLifetime: the day on which a session ends that is refreshed every 6 days",
    given: ROTATING,
    look: async (client) => {
      let answer = await logInWithAllFields(client);
      for (let day = 6; day <= 84; day += 6) {
        client.context.clock.advance(6 * DAY);
        answer = await client.refresh(textOf(answer, "refreshToken"));
      }
      return (Number(answer.data?.["refreshExpiresIn"]) - NOW) / DAY;
    },
    documented: 91,
    hardened: 90,
  },
  {
    what: "refreshTokenNBytes: the bytes of a refresh token, with generation and MAC",
    given: LONG_RUNNING,
    look: async (client) => Buffer.from((await client.newSession()).refreshToken, "base64url").length,
    documented: 20 + 36,
    hardened: 32 + 36,
  },
  {
    what: "reuseRefreshTokens: a refresh answers the same refresh token again",
    given: LONG_RUNNING,
    look: async (client) => {
      const { refreshToken } = await client.newSession();
      return textOf(await client.refresh(refreshToken), "refreshToken") === refreshToken;
    },
    documented: true,
    hardened: false,
  },
  {
    what: "refreshGracePeriod: the token just replaced, 9 and 10 seconds later",
    given: ROTATING,
    look: async (client) => {
      const outcomes: string[] = [];
      for (const seconds of [9, 10]) {
        const { refreshToken } = await client.newSession();
        await client.refresh(refreshToken);
        client.context.clock.advance(seconds);
        outcomes.push(outcomeOf(await client.refresh(refreshToken)));
      }
      return outcomes;
    },
    documented: ["INVALID_REFRESH_TOKEN: Invalid refresh token", "INVALID_REFRESH_TOKEN: Invalid refresh token"],
    hardened: ["done", "INVALID_REFRESH_TOKEN: Invalid refresh token"],
  },
  {
    what: "authenticateIntrospection: what an anonymous GraphQL client is told of the schema",
    look: async ({ context }) => {
      const { body } = await graphql(`${context.url}/graphql`, "{ mee }");
      const { body: introspected } = await graphql(`${context.url}/graphql`, '{ __type(name: "UserType") { name } }');
      return [body.errors?.[0]?.message, introspected.errors?.[0]?.extensions?.code];
    },
    documented: ['Cannot query field "mee" on type "Query". Did you mean "me"?', undefined],
    hardened: ['Cannot query field "mee" on type "Query".', "INTROSPECTION_DISABLED"],
  },
  {
    what: "queryAliasLimit, queryComplexityLimit: 31 and 101 aliases in one GraphQL query, and a query of 1,513 fields",
    look: async ({ context }) => {
      const outcomes: unknown[] = [];
      const aliased = (count: number) =>
        `mutation { ${Array.from({ length: count }, (_, i) => `a${i}: deleteTokenCookie { deleted }`).join(" ")} }`;
      for (const query of [aliased(31), aliased(101), SPREAD]) {
        const { body } = await graphql(`${context.url}/graphql`, query);
        outcomes.push(body.errors?.[0]?.message);
      }
      return outcomes;
    },
    documented: [undefined, "The query has more than 100 aliases.", undefined],
    hardened: [
      "The query has more than 30 aliases.",
      "The query has more than 30 aliases.",
      "The query is more complex than 1000.",
    ],
  },
  {
    what: "requirePreflight: a GET with cookies that does not say where it comes from",
    given: COOKIES,
    look: async (client) => {
      const prefix = client.context.server.application.auth.settings.profile === "hardened" ? "__Host-" : "";
      const headers = { cookie: `${prefix}JWT=${await client.newToken()}` };
      return (await fetch(`${client.context.url}/trpc/auth.me`, { headers })).status;
    },
    documented: 200,
    hardened: 403,
  },
  {
    what: "cookieSecure, cookieSameSite: the cookies of a login",
    given: COOKIES,
    look: async (client) => {
      const { headers } = await client.logIn();
      return headers.getSetCookie().map((text) => {
        const { name, path, domain, secure, sameSite } = parseSetCookie(text);
        return [name, path, domain, secure, sameSite];
      });
    },
    documented: ["JWT", "csrftoken"].map((name) => [name, "/", undefined, undefined, undefined]),
    hardened: [
      ["__Host-JWT", "/", undefined, true, "lax"],
      ...REFRESH_PATHS.map((path) => ["__Secure-JWT-refresh-token", path, undefined, true, "lax"]),
      ["__Host-csrftoken", "/", undefined, true, "lax"],
    ],
  },
  {
    what: "expirationDelta, refreshExpirationDelta: how long both tokens live, in seconds",
    given: LONG_RUNNING,
    look: async (client) => {
      const { data } = await logInWithAllFields(client);
      return [claimsOf(String(data?.["token"]))["exp"], data?.["refreshExpiresIn"]].map((time) => Number(time) - NOW);
    },
    documented: [300, 7 * DAY],
    hardened: [300, 7 * DAY],
  },
];

describe("the defaults of the profiles, over the wire", () => {
  for (const { what, given, look, ...expected } of ROWS) {
    for (const profile of ["documented", "hardened"] as const) {
      it(`${what} (${profile})`, () =>
        withContext({ environment: { ...given, JWT_PROFILE: profile } }, async (context) => {
          for (const face of FACES) {
            expect(await look(await WireClient.create(face, context)), face).to.deep.equal(expected[profile]);
          }
        }));
    }
  }
});

describe("the bundled server without JWT_PROFILE", () => {
  it("is hardened", async () => {
    const context = new TestContext({}, undefined);
    try {
      await context.start();
      const client = await WireClient.create("tRPC", context);
      expect(headerOf(await client.newToken())).to.deep.equal({ alg: "HS256", typ: "at+jwt", kid: SECRET_KID });
    } finally {
      await context.stop();
    }
  });
});
