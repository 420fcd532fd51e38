import { expect } from "chai";
import { comparable, fastifyRequests } from "../support/diverted.js";
import { postRequest, request, sendRaw } from "../support/raw-http.js";
import { testContext } from "../support/test-context.js";

const ME = JSON.stringify({ query: "{ me { username } }" });

describe("plain requests with cookies", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_COOKIES: "true" });
  const csrf = { "X-CSRFToken": "c".repeat(43) };
  const cookies = (token: string) => ({ cookie: `JWT=${token}; csrftoken=${csrf["X-CSRFToken"]}` });
  const good = () => cookies(context.token({ username: "user-1" }));
  const bad = () => cookies("garbage");

  before(() => context.createUser());

  const rows: Readonly<Record<string, () => string>> = {
    "GraphQL: a good one": () => postRequest("/graphql", ME, { ...good(), ...csrf }),
    "GraphQL: a bad one, which is dropped": () => postRequest("/graphql", ME, { ...bad(), ...csrf }),
    "GraphQL: without a CSRF token": () => postRequest("/graphql", ME, good()),
    "tRPC: a good one": () => request("GET", "/trpc/auth.me", good()),
    "tRPC: a bad one, which is dropped": () => request("GET", "/trpc/auth.me", bad()),
    "tRPC: a bad one and what is refused without a user": () => request("GET", "/trpc/auth.sessions", bad()),
    "tRPC: a logout": () => postRequest("/trpc/auth.deleteTokenCookie", "{}", { ...good(), ...csrf }),
    "tRPC: a bad token in an argument too": () =>
      postRequest("/trpc/auth.verifyToken", '{"token":"x"}', { ...bad(), ...csrf }),
  };
  for (const [name, row] of Object.entries(rows)) {
    it(`are answered as by Fastify: ${name}`, async () => {
      const bytes = row();
      // An address in place of a name: none of the plain ones.
      const unplain = bytes.replace("Host: janus.test", "Host: [::1]");
      const answers: object[] = [];
      const send = async (sent: string): Promise<void> => {
        const [answer] = await sendRaw(context.url, sent);
        if (answer) answers.push(comparable(answer));
      };
      expect(await fastifyRequests(() => send(bytes))).to.equal(0);
      await send(unplain);
      expect(answers[0]).to.deep.equal(answers[1]);
      const challenged = JSON.stringify(answers[0]).includes('error=\\"invalid_token\\"');
      expect(challenged).to.equal(row().includes("garbage"));
    });
  }
});
