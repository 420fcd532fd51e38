import { NOW } from "../../support/test-context.js";
import { claimsOf } from "../jwt.js";
import { row } from "../row.js";
import { outcomeOf, textOf, type WireClient } from "../wire-client.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const LONG_RUNNING = { JWT_LONG_RUNNING_REFRESH_TOKEN: "true" };
const ROTATING = { ...LONG_RUNNING, JWT_REUSE_REFRESH_TOKENS: "true" };

/** Exchanges an access token. */
const exchange = (client: WireClient, token: string) =>
  client.call("refreshToken", { args: { token }, fields: "token refreshExpiresIn" });

/** How refreshing goes, so long after the login. */
async function refreshAfter(client: WireClient, seconds: number): Promise<string> {
  const token = await client.newToken();
  client.context.clock.advance(seconds);
  return outcomeOf(await exchange(client, token));
}

/** Refreshing, sessions, and what is kept of them. */
export const REFRESHING_ROWS = [
  row({
    setting: "allowRefresh",
    value: { environment: "off", code: false },
    look: async (client) => {
      const token = await client.newToken();
      const older = { username: client.username, origIat: NOW };
      return {
        origIat: claimsOf(token)["origIat"],
        refresh: outcomeOf(await exchange(client, token)),
        refreshOfAnOlderToken: outcomeOf(await exchange(client, client.context.token(older))),
      };
    },
    byDefault: { origIat: NOW, refresh: "done", refreshOfAnOlderToken: "done" },
    instead: {
      origIat: undefined,
      refresh: "INVALID_PAYLOAD: origIat field is required",
      refreshOfAnOlderToken: "REFRESH_NOT_ALLOWED: Token refresh not supported",
    },
  }),
  row({
    setting: "refreshExpirationDelta",
    value: { environment: "PT1H", code: "1h" },
    look: async (client) => ({
      refreshExpiresIn: (await client.logIn({ fields: "refreshExpiresIn" })).data?.["refreshExpiresIn"],
      afterTwoHours: await refreshAfter(client, 2 * HOUR),
    }),
    byDefault: { refreshExpiresIn: NOW + WEEK, afterTwoHours: "done" },
    instead: { refreshExpiresIn: NOW + HOUR, afterTwoHours: "REFRESH_TOKEN_EXPIRED: Refresh has expired" },
  }),
  row({
    setting: "refreshExpirationDelta",
    value: { environment: "3600", code: 3600 },
    given: LONG_RUNNING,
    look: async (client) => {
      const { refreshToken } = await client.newSession();
      client.context.clock.advance(2 * HOUR);
      return outcomeOf(await client.refresh(refreshToken));
    },
    byDefault: "done",
    instead: "REFRESH_TOKEN_EXPIRED: Refresh token is expired",
  }),
  row({
    setting: "refreshAbsoluteLifetime",
    value: { environment: "8 days", code: 8 * DAY },
    given: ROTATING,
    look: async (client) => {
      const { refreshToken } = await client.newSession();
      client.context.clock.advance(6 * DAY);
      const next = await client.refresh(refreshToken);
      client.context.clock.advance(3 * DAY);
      return {
        expiresAfter: Number(next.data?.["refreshExpiresIn"]) - NOW,
        onTheNinthDay: outcomeOf(await client.refresh(textOf(next, "refreshToken"))),
      };
    },
    byDefault: { expiresAfter: 6 * DAY + WEEK, onTheNinthDay: "done" },
    instead: { expiresAfter: 8 * DAY, onTheNinthDay: "REFRESH_TOKEN_EXPIRED: Refresh token is expired" },
  }),
  row({
    setting: "longRunningRefreshToken",
    value: { environment: "yes", code: true },
    look: async (client) => {
      const { data } = await client.logIn({ fields: "token refreshToken" });
      return {
        refreshToken: typeof data?.["refreshToken"],
        rows: (await client.context.sessionsOf(client.username)).length,
      };
    },
    byDefault: { refreshToken: "undefined", rows: 0 },
    instead: { refreshToken: "string", rows: 1 },
  }),
  row({
    setting: "verifySession",
    value: { environment: "true", code: true },
    given: LONG_RUNNING,
    look: async (client) => {
      const { token, refreshToken } = await client.newSession();
      const before = await client.whoIs(token);
      await client.call("revokeToken", { args: { refreshToken }, fields: "revoked" });
      return { before, afterLogout: await client.whoIs(token) };
    },
    byDefault: { before: "the user", afterLogout: "the user" },
    instead: { before: "the user", afterLogout: "401 Invalid token" },
  }),
  row({
    setting: "refreshTokenNBytes",
    value: { environment: "64", code: 64 },
    given: LONG_RUNNING,
    look: async (client) => Buffer.from((await client.newSession()).refreshToken, "base64url").length,
    // The random bytes, the generation and the MAC.
    byDefault: 20 + 4 + 32,
    instead: 64 + 4 + 32,
  }),
  row({
    setting: "reuseRefreshTokens",
    value: { environment: "1", code: true },
    given: LONG_RUNNING,
    look: async (client) => {
      const { refreshToken } = await client.newSession();
      const next = await client.refresh(refreshToken);
      const [session] = await client.context.sessionsOf(client.username);
      return {
        isTheSameAgain: textOf(next, "refreshToken") === refreshToken,
        rotations: session?.generation,
        theFirstOnceMore: outcomeOf(await client.refresh(refreshToken)),
      };
    },
    byDefault: { isTheSameAgain: true, rotations: 0, theFirstOnceMore: "done" },
    instead: {
      isTheSameAgain: false,
      rotations: 1,
      theFirstOnceMore: "INVALID_REFRESH_TOKEN: Invalid refresh token",
    },
  }),
  row({
    setting: "refreshGracePeriod",
    value: { environment: "PT10S", code: "10s" },
    given: ROTATING,
    look: async (client) => {
      const { refreshToken } = await client.newSession();
      const first = await client.refresh(refreshToken);
      client.context.clock.advance(5);
      const second = await client.refresh(refreshToken);
      const successors = [first, second].map(({ data }) => data?.["refreshToken"]);
      const [session] = await client.context.sessionsOf(client.username);
      return {
        fiveSecondsLater: outcomeOf(second),
        isTheSameSuccessor: successors[0] === successors[1],
        sessionIsRevoked: session?.revoked !== null,
      };
    },
    byDefault: {
      fiveSecondsLater: "INVALID_REFRESH_TOKEN: Invalid refresh token",
      isTheSameSuccessor: false,
      sessionIsRevoked: true,
    },
    instead: { fiveSecondsLater: "done", isTheSameSuccessor: true, sessionIsRevoked: false },
  }),
];
