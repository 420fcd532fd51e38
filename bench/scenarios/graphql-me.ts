import { type Bench, hasContenders } from "../bench.js";
import { compare } from "../compare.js";
import { type Contender, fixedPlan, underLoad } from "../contender.js";
import type { Child } from "../processes/child.js";
import { authorization, graphqlRequest, ME_ANSWER, ME_QUERY, signTokens } from "../subject.js";
import { floor } from "./floor.js";
import type { Scenario } from "./scenario.js";

const CONTENDERS = {
  "Apollo Server 5, standalone, fast-jwt with its cache": "apollo",
  "GraphQL Yoga 5 on node:http, its JWT plugin": "yoga",
  "Mercurius 16 on Fastify, jit, fast-jwt with its cache": "mercurius",
};

/** GraphQL `me` behind `@Authorized()`, the user in memory. */
export const graphqlMe: Scenario = {
  name: "graphql-me",
  async run(bench) {
    const tokens = signTokens(bench.options.tokens);
    const requests = (scheme?: string) => tokens.map((token) => graphqlRequest(ME_QUERY, authorization(token, scheme)));
    const contender = (name: string, start: (bench: Bench) => Promise<Child>, scheme?: string): Contender => ({
      name,
      async start() {
        const child = await start(bench);
        return underLoad(bench, [child], await fixedPlan(child.address, requests(scheme), ME_ANSWER));
      },
    });
    const others = hasContenders() ? Object.entries(CONTENDERS) : [];
    const target = { atLeast: 0.9, aheadOf: others.map(([name]) => name) };
    const rows = await compare(
      bench,
      [
        floor("bare node:http, token verified with node:crypto, fixed JSON (the floor)", requests(), ME_ANSWER),
        {
          ...contender("Janus on Fastify, arranged as in the bundled server", () =>
            bench.start("servers/janus-fastify", { schema: "viewer" }),
          ),
          target,
        },
        {
          ...contender("Janus as a library on node:http, as in the README", () =>
            bench.start("servers/janus-node-http"),
          ),
          target,
        },
        ...others.map(([name, program]) => contender(name, () => bench.startContender(program), "Bearer")),
      ],
      { awake: true },
    );
    return {
      title: "GraphQL `me` behind `@Authorized()`, user from memory",
      figure: "Requests per CPU-second of the server, as a ratio to the floor in the same round.",
      rows,
      notes: [
        "The same TypeGraphQL schema, user lookup, token and query for all. Janus: profile `documented` with `verifyExpiration`.",
        "The floor verifies the token of each request; fast-jwt and Janus may remember one that they have verified.",
      ],
    };
  },
};
