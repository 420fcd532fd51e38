import { compare } from "../compare.js";
import { type Contender, fixedPlan, underLoad } from "../contender.js";
import type { RequestParts } from "../load/plan.js";
import { ratios, spreadOf } from "../statistics.js";
import { authorization, ME_ANSWER, signTokens, USERNAME } from "../subject.js";
import { floor } from "./floor.js";
import type { Scenario } from "./scenario.js";
import type { Row, Target } from "../result.js";
import type { Sample } from "../sample.js";

const JANUS = "Janus on Fastify, arranged as in the bundled server";
const STANDALONE = "tRPC's standalone adapter, the same router";
const BATCH = 5;

const USER = {
  id: "1",
  username: USERNAME,
  email: null,
  isStaff: false,
  isSuperuser: false,
  roles: [],
  permissions: [],
};
const ANSWER = { result: { data: USER } };

/** tRPC `auth.me`, the user in memory: one call a request. */
export const trpcMe = trpcScenario({
  name: "trpc-me",
  title: "tRPC `auth.me`, user from memory",
  path: "/trpc/auth.me",
  expected: ANSWER,
  target: { atLeast: 0.6 },
  timesAdapter: 6,
});

/** The same, five calls in a batch. */
export const trpcBatch = trpcScenario({
  name: "trpc-batch",
  title: `tRPC \`auth.me\`, ${BATCH} calls in a batch, user from memory`,
  path: `/trpc/${Array.from({ length: BATCH }, () => "auth.me").join(",")}?batch=1`,
  expected: Array.from({ length: BATCH }, () => ANSWER),
  timesAdapter: 4,
});

interface TrpcScenario {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly expected: unknown;
  /** Compared with the floor. */
  readonly target?: Target;
  /** What Janus is to reach compared with tRPC's own adapter. */
  readonly timesAdapter: number;
}

function trpcScenario({ name, title, path, expected, target, timesAdapter }: TrpcScenario): Scenario {
  return {
    name,
    async run(bench) {
      const tokens = signTokens(bench.options.tokens);
      const at = (where: string) =>
        tokens.map((token): RequestParts => ({ method: "GET", path: where, headers: authorization(token) }));
      const contender = (who: string, program: string, options = {}): Contender => ({
        name: who,
        async start() {
          const child = await bench.start(`servers/${program}`, options);
          return underLoad(bench, [child], await fixedPlan(child.address, at(path), expected));
        },
      });
      const rows = await compare(
        bench,
        [
          floor("bare node:http, token verified with node:crypto, fixed JSON (the floor)", at("/me"), ME_ANSWER),
          { ...contender(JANUS, "janus-fastify", { schema: "own" }), ...(target && { target }) },
          contender(STANDALONE, "trpc-standalone"),
          contender("tRPC's Fastify adapter, the same router", "trpc-fastify"),
        ],
        { awake: true },
      );
      return {
        title,
        figure: "Requests per CPU-second of the server, as a ratio to the floor in the same round.",
        rows: [...rows, comparedWithAdapter(rows, timesAdapter)],
        notes: [
          "Router, context and token check are Janus's in all three, so that they differ by what is around them alone.",
        ],
      };
    },
  };
}

/** The same samples, compared with the adapter's of the same round. */
function comparedWithAdapter(rows: readonly Row[], times: number): Row {
  const samplesOf = (name: string) => (rows.find((row) => row.name === name)?.samples ?? []) as readonly Sample[];
  const values = (name: string) => samplesOf(name).map(({ perCpuSecond }) => perCpuSecond);
  return {
    name: "Janus, compared with tRPC's standalone adapter",
    figure: spreadOf(ratios(values(JANUS), values(STANDALONE))),
    unit: "×",
    errors: rows.reduce((sum, { errors }) => sum + errors, 0),
    target: { atLeast: times },
  };
}
