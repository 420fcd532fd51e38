import { row } from "../row.js";
import type { WireClient } from "../wire-client.js";

/** What so many wrong passwords, and then the right one, are answered. */
async function guesses(client: WireClient, nameOf: (n: number) => string, times: number): Promise<string[]> {
  const codes: string[] = [];
  for (let n = 0; n < times; n++) {
    const { error } = await client.call("tokenAuth", {
      args: { username: nameOf(n), password: "wrong" },
      fields: "token",
    });
    codes.push(error?.code ?? "in");
  }
  return codes;
}

/** What the name of the client is told after one wrong password. */
async function retryAfter(client: WireClient): Promise<string | null> {
  await guesses(client, () => client.username, 1);
  return (await client.logIn()).headers.get("retry-after");
}

const THREE_WRONG = Array.from({ length: 3 }, () => "INVALID_CREDENTIALS");
const LIMITED_AT_THIRD = ["INVALID_CREDENTIALS", "INVALID_CREDENTIALS", "TOO_MANY_REQUESTS"];
const PER_PAIR = { JWT_LOGIN_LIMIT_PER_NAME_AND_ADDRESS: "1" };
const PER_NAME = { JWT_LOGIN_LIMIT_PER_NAME: "1" };

/** How often passwords may be guessed. */
export const LIMIT_ROWS = [
  ...(["loginLimitPerNameAndAddress", "loginLimitPerName"] as const).map((setting) =>
    row({
      setting,
      value: { environment: "2", code: 2 },
      look: (client) => guesses(client, () => client.username, 3),
      byDefault: THREE_WRONG,
      instead: LIMITED_AT_THIRD,
    }),
  ),
  row({
    setting: "loginLimitPerAddress",
    value: { environment: "2", code: 2 },
    look: async (client) => {
      client.context.clock.advance(client.face === "tRPC" ? 10_000 : 0); // Both have one address.
      return guesses(client, (n) => `${client.username}-${n}`, 3);
    },
    byDefault: THREE_WRONG,
    instead: LIMITED_AT_THIRD,
  }),
  row({
    setting: "loginLimitWindow",
    value: { environment: "1 minute", code: 60 },
    given: PER_PAIR,
    look: retryAfter,
    byDefault: "900",
    instead: "60",
  }),
  row({
    setting: "loginLimitNameWindow",
    value: { environment: "PT1H", code: "1h" },
    given: PER_NAME,
    look: retryAfter,
    byDefault: "86400",
    instead: "3600",
  }),
  row({
    setting: "loginLimitKnownAddress",
    value: { environment: "30 days", code: "30 days" },
    given: PER_NAME,
    look: async (client) => {
      await client.newToken();
      await guesses(client, () => client.username, 2);
      return (await client.logIn()).error?.code ?? "in";
    },
    byDefault: "TOO_MANY_REQUESTS",
    instead: "in",
  }),
];
