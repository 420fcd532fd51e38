import { compare } from "../compare.js";
import { type Contender, fixedPlan, underLoad } from "../contender.js";
import { prepareDatabase } from "../databases.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY, signTokens } from "../subject.js";
import { logIn, startJanus } from "./bundled-server.js";
import type { Scenario } from "./scenario.js";

const CONNECTIONS = 64;

/** `me`, the user read from MariaDB for each request. */
export const databaseMe: Scenario = {
  name: "database-me",
  async run(bench) {
    const url = await bench.newDatabase();
    await prepareDatabase(url);
    const requestsWith = (tokens: readonly string[]) =>
      tokens.map((token) => graphqlRequest(ME_QUERY, authorization(token)));
    const amount = { connections: CONNECTIONS };
    const findOne: Contender = {
      name: "bare node:http, token verified with node:crypto, one TypeORM `findOneBy` a request",
      amount,
      async start() {
        const child = await bench.start("servers/find-one", { databaseUrl: url });
        const plan = await fixedPlan(child.address, requestsWith(signTokens(bench.options.tokens)), ME_ANSWER);
        return underLoad(bench, [child], plan);
      },
    };
    const janus = (profile: string, tokensOf: (address: string) => Promise<string[]>): Contender => ({
      name: `Janus, bundled server, profile \`${profile}\``,
      amount,
      async start() {
        const child = await startJanus(bench, { DATABASE_URL: url, JWT_PROFILE: profile });
        const plan = await fixedPlan(child.address, requestsWith(await tokensOf(child.address)), ME_ANSWER);
        return underLoad(bench, [child], plan);
      },
      target: { atLeast: 3 },
    });
    const rows = await compare(bench, [
      findOne,
      janus("documented", async () => signTokens(bench.options.tokens)),
      janus("hardened", async (address) => (await logIn(address, CONNECTIONS)).map(({ token }) => token)),
    ]);
    return {
      title: `GraphQL \`me\`, user read from MariaDB for each request, ${CONNECTIONS} connections`,
      figure: "Requests per CPU-second of the server (the database aside), as a ratio to one `findOneBy` a request.",
      rows,
      notes: [
        "`hardened` reads the session of the token as well, one of 64. The bare handler parses no GraphQL, so that the ratio is unkind to Janus.",
      ],
    };
  },
};
