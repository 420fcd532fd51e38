import type { Bench } from "../bench.js";
import { compare } from "../compare.js";
import { type Contender, fixedPlan, underLoad } from "../contender.js";
import type { Plan, RequestParts } from "../load/plan.js";
import { graphqlMutation, PASSWORD, signToken, trpcMutation, USERNAME } from "../subject.js";
import { loginRequest } from "./bundled-server.js";
import type { Scenario } from "./scenario.js";

/** "Within 1.3 of the bare handler". */
const TARGET = { atLeast: 1 / 1.3 };

const NOTES = [
  "Janus: on Fastify, arranged as in the bundled server, profile `documented`, users in memory.",
  "The bare handler reads a JSON body, does the cryptography with `node:crypto` and answers JSON; it knows neither GraphQL nor tRPC.",
];

/** `verifyToken` without a database. */
export const verifyToken: Scenario = {
  name: "verify-token",
  async run(bench) {
    const token = signToken();
    const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as object;
    const graphql = graphqlMutation("verifyToken", { token }, "payload");
    const trpc = trpcMutation("auth.verifyToken", { token });
    const rows = await compare(
      bench,
      [
        onFloor(bench, "/verify", { token }, (url, request) => fixedPlan(url, [request], { payload })),
        onJanus(bench, "GraphQL", (url) => fixedPlan(url, [graphql], { data: { verifyToken: { payload } } })),
        onJanus(bench, "tRPC", (url) => fixedPlan(url, [trpc], { result: { data: { payload } } })),
      ],
      { awake: true },
    );
    return { title: "`verifyToken`", figure: FIGURE, rows, notes: NOTES };
  },
};

/** `tokenAuth` without hashing and without a database. */
export const tokenAuth: Scenario = {
  name: "token-auth",
  async run(bench) {
    const credentials = { username: USERNAME, password: PASSWORD };
    const varying = (request: RequestParts, text: string): Plan => ({ kind: "varying", request, texts: [text] });
    const rows = await compare(
      bench,
      [
        onFloor(bench, "/sign", credentials, async (_, request) => varying(request, "token")),
        onJanus(bench, "GraphQL", async () => varying(loginRequest("token"), "data.tokenAuth.token")),
        onJanus(bench, "tRPC", async () => varying(trpcMutation("auth.tokenAuth", credentials), "result.data.token")),
      ],
      { awake: true },
    );
    return { title: "`tokenAuth` without hashing", figure: FIGURE, rows, notes: NOTES };
  },
};

const FIGURE =
  "Requests per CPU-second of the server, as a ratio to the bare handler in the same round; 1/1.3 is 0.77.";

function onFloor(
  bench: Bench,
  path: string,
  input: object,
  plan: (url: string, request: RequestParts) => Promise<Plan>,
): Contender {
  const headers = { "content-type": "application/json" };
  const request: RequestParts = { method: "POST", path, headers, body: JSON.stringify(input) };
  return {
    name: "bare node:http with its cryptography",
    async start() {
      const child = await bench.start("servers/floor");
      return underLoad(bench, [child], await plan(child.address, request));
    },
  };
}

function onJanus(bench: Bench, face: string, plan: (url: string) => Promise<Plan>): Contender {
  return {
    name: `Janus over ${face}`,
    async start() {
      const child = await bench.start("servers/janus-fastify", { schema: "own" });
      return underLoad(bench, [child], await plan(child.address));
    },
    target: TARGET,
  };
}
