import { createHook } from "node:async_hooks";
import { expect } from "chai";
import type { DataSource } from "typeorm";
import { createAuth, createGraphQLHandler, type JwtSettingsInput, type UserDirectory } from "../../src/index.js";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import type { RequestInfo } from "../../src/request-info.js";
import { appRouter } from "../../src/trpc/auth-router.js";
import { answerPlainCalls, readPlainCalls } from "../../src/trpc/plain-calls.js";
import { PAIRS } from "../settings/sample-keys.js";
import { fastifyRequests } from "../support/diverted.js";
import { dataOf, withToken } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { graphqlRequest, postRequest, request, sendRaw } from "../support/raw-http.js";
import { statementsDuring } from "../support/statements.js";
import { testContext } from "../support/test-context.js";
import { verificationsDuring } from "../tokens/hostile/counted-verifications.js";

/*
 * What a request costs, in things that can be counted: the same on every machine, however busy. A figure that rises here is
 * time lost on each request; one that falls is to be written down here, or the next slip goes unseen.
 */

const ME = JSON.stringify({ query: "{ me { username } }" });
const LOGIN = { username: "alice", password: "secret" };
const LOGIN_MUTATION = JSON.stringify({
  query:
    "mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { token } }",
  variables: LOGIN,
});
const USER = { id: "1", isActive: true, username: "alice" };

const users: UserDirectory = {
  async findByNaturalKey(username) {
    return username === USER.username ? USER : null;
  },
  async checkPassword(user, password) {
    return user !== null && password === "secret";
  },
};

/** Requests served in the process itself, without a socket: whatever is counted is ours. */
async function servedInProcess(settings: JwtSettingsInput = {}) {
  const auth = await createAuth({ users, secretKey: SECRET_KEY, settings: { verifyExpiration: true, ...settings } });
  const handle = createGraphQLHandler(await buildAuthSchema(auth.settings));
  const { token } = await auth.service.tokenAuth({ username: "alice", password: "secret" });
  const info = (headers: Record<string, string> = {}): RequestInfo => ({
    method: "POST",
    url: "/graphql",
    headers: { "content-type": "application/json", ...headers },
    address: "203.0.113.7",
  });
  const fail = (error: unknown) => expect.fail(String(error));
  return {
    token,
    context: () => auth.context(info(withToken(token))),
    graphql: async (body: string) => {
      const asked = info(withToken(token));
      const { status, body: answer } = await handle({
        request: asked,
        body,
        context: await auth.context(asked),
        onServerError: fail,
      });
      expect([status, answer.includes("errors")]).to.deep.equal([200, false]);
    },
    trpc: async (target: string, body = "") => {
      const method = body === "" ? "GET" : "POST";
      const calls = readPlainCalls(appRouter, { method, target, maxBatchSize: 50 });
      if (!calls) throw new Error(`${target} is not plain`);
      const context = await auth.context(info(withToken(token)));
      const parts = { router: appRouter, context, onError: fail, headersFor: () => ({}) };
      expect((await answerPlainCalls(calls, body, parts)).status).to.equal(200);
    },
  };
}

/** How many async resources of a type are made. The work is done once before: what is made once for all is not counted. */
async function madeBy(type: string, work: () => Promise<unknown>): Promise<number> {
  await work();
  let made = 0;
  const hook = createHook({ init: (_id, of) => void (made += of === type ? 1 : 0) }).enable();
  try {
    await work();
  } finally {
    hook.disable();
  }
  return made;
}

describe("the work of a request, counted", () => {
  describe("in promises", () => {
    type Served = Awaited<ReturnType<typeof servedInProcess>>;
    const mutation = (token: string) =>
      JSON.stringify({
        query: "mutation ($token: String) { verifyToken(token: $token) { payload } }",
        variables: { token },
      });

    const MOST: [name: string, most: number, work: (served: Served) => Promise<unknown>][] = [
      ["the context", 6, ({ context }) => context()],
      ["GraphQL me", 16, ({ graphql }) => graphql(ME)],
      ["GraphQL verifyToken", 28, ({ graphql, token }) => graphql(mutation(token))],
      ["GraphQL tokenAuth", 42, ({ graphql }) => graphql(LOGIN_MUTATION)],
      ["tRPC me", 34, ({ trpc }) => trpc("auth.me")],
      ["tRPC me, five in a batch", 132, ({ trpc }) => trpc(`${"auth.me,".repeat(4)}auth.me?batch=1`)],
      ["tRPC verifyToken", 34, ({ trpc, token }) => trpc("auth.verifyToken", JSON.stringify({ token }))],
      ["tRPC tokenAuth", 48, ({ trpc }) => trpc("auth.tokenAuth", JSON.stringify(LOGIN))],
    ];
    for (const [name, most, work] of MOST) {
      it(`${name} makes at most ${most}`, async () => {
        const served = await servedInProcess();
        expect(await madeBy("PROMISE", () => work(served))).to.be.within(1, most);
      });
    }
  });

  for (const settings of [{}, { algorithm: "ES256", privateKey: PAIRS.p256.privateKey }] as const) {
    it(`verifies the signature of a token once: ${settings.algorithm ?? "HS256"}`, async () => {
      const { graphql } = await servedInProcess(settings);
      expect(await verificationsDuring(() => graphql(ME))).to.equal(1);
      expect(await verificationsDuring(() => graphql(ME))).to.equal(0);
    });
  }

  for (const [name, most, settings] of [
    ["without limits: it signs", 1, {}],
    [
      "with all limits: it signs, and counts an address, a name, and both together",
      4,
      {
        loginLimitPerAddress: 100,
        loginLimitPerNameAndAddress: 10,
        loginLimitPerName: 100,
        loginLimitKnownAddress: 86_400,
      },
    ],
  ] as const) {
    it(`makes ${most} HMACs for a login ${name}`, async () => {
      const { graphql } = await servedInProcess(settings);
      await graphql(ME);
      expect(await verificationsDuring(() => graphql(LOGIN_MUTATION))).to.equal(most);
    });
  }

  describe("in statements and requests to Fastify", () => {
    const context = testContext({ JWT_PROFILE: "hardened" });
    const statements = async (bytes: string) => {
      const { dataSource }: { dataSource: DataSource } = context.server.application;
      await sendRaw(context.url, bytes); // Whatever is prepared once.
      return (await statementsDuring(dataSource, () => sendRaw(context.url, bytes))).length;
    };

    it("reads user and session of `me` with one statement, on both faces", async () => {
      const { token } = await context.login();
      expect(await statements(postRequest("/graphql", ME, withToken(token)))).to.equal(1);
      expect(await statements(request("GET", "/trpc/auth.me", withToken(token)))).to.equal(1);
      expect(
        await statements(request("GET", `/trpc/${"auth.me,".repeat(4)}auth.me?batch=1`, withToken(token))),
      ).to.equal(1);
    });

    it("makes three HMACs for a refresh, on both faces: of the refresh token, of its successor, of the access token", async () => {
      const { refreshToken } = await context.login();
      let token = refreshToken;
      for (const face of context.faces) {
        const made = await verificationsDuring(async () => {
          const refreshed = dataOf(await face.refreshToken({ refreshToken: token })) as {
            refreshToken?: string;
          } | null;
          token = refreshed?.refreshToken ?? "";
        });
        expect([face.name, made]).to.deep.equal([face.name, 3]);
      }
    });

    it("asks the database nothing for an anonymous request", async () => {
      expect(await statements(graphqlRequest("{ me { username } }"))).to.equal(0);
      expect(await statements(request("GET", "/trpc/auth.me"))).to.equal(0);
    });

    it("does without Fastify for what clients usually send", async () => {
      const { token } = await context.login();
      const count = await fastifyRequests(async () => {
        await sendRaw(context.url, postRequest("/graphql", ME, withToken(token)));
        await sendRaw(context.url, request("GET", "/trpc/auth.me?batch=1&input=%7B%7D", withToken(token)));
        await sendRaw(context.url, postRequest("/trpc/auth.verifyToken", JSON.stringify({ token })));
      });
      expect(count).to.equal(0);
    });
  });
});
