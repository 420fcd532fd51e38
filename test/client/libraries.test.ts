import { httpBatchLink, httpBatchStreamLink, httpLink } from "@trpc/client";
import { expect } from "chai";
import { gql, GraphQLClient } from "graphql-request";
import { type AuthFetch, memoryStore, type TokenStore } from "../../src/client/index.js";
import { outcomeOf, trpcClient } from "../support/faces.js";
import { testContext } from "../support/test-context.js";
import { loggedIn } from "./lab/new-client.js";

const LINKS = { httpLink, httpBatchLink, httpBatchStreamLink };

function spoil(store: TokenStore): void {
  const stored = store.get();
  if (stored) store.set({ ...stored, token: "garbage" });
}

for (const [name, link] of Object.entries(LINKS)) {
  describe(`@trpc/client's ${name} with the fetch of the auth client`, () => {
    const context = testContext();
    const trpc = (fetch: AuthFetch) => trpcClient(link({ url: `${context.url}/trpc`, fetch }));

    it("is authenticated, and stays so when the token was refused", async () => {
      const store = memoryStore();
      const { auth, traffic, user } = await loggedIn(context, { store });
      const client = trpc(auth.fetch);
      expect((await client.auth.me.query())?.id).to.equal(user.id);
      spoil(store);
      const calls = [client.auth.me.query(), client.auth.sessions.query(), client.auth.me.query()] as const;
      const [me, sessions] = await Promise.all(calls);
      expect([me?.id, sessions.map(({ current }) => current)]).to.deep.equal([user.id, [true]]);
      expect(traffic.refreshes).to.equal(1);
      // Each call or batch is sent at most twice.
      expect(traffic.sent.length).to.be.at.most(1 + 1 + 2 * calls.length);
    });

    it("gets each call's own answer where one of them is refused by a rule, and refreshes nothing", async () => {
      const { auth, traffic, user } = await loggedIn(context);
      const client = trpc(auth.fetch);
      const outcomes = await Promise.all([
        outcomeOf(client.auth.me.query()),
        outcomeOf(client.auth.sessions.query({ user: "somebody-else" })),
        outcomeOf(client.auth.verifyToken.mutate({ token: "garbage" })),
      ]);
      expect(outcomes[0]).to.have.nested.property("data.id", user.id);
      expect(outcomes[1]).to.include({ code: "FORBIDDEN" });
      expect(outcomes[2]).to.include({ code: "INVALID_TOKEN" });
      expect(traffic.refreshes).to.equal(0);
    });

    it("gets the refusal of a session that is over in each call", async () => {
      const { auth, user, reasons } = await loggedIn(context);
      await context.changeUser(user.username, { isActive: false });
      const client = trpc(auth.fetch);
      const outcomes = await Promise.all([outcomeOf(client.auth.me.query()), outcomeOf(client.auth.me.query())]);
      const refused = { code: "INVALID_TOKEN", message: "Invalid token", status: 401 };
      expect(outcomes).to.deep.equal([refused, refused]);
      expect(reasons()).to.deep.equal(["refused: USER_DISABLED"]);
    });
  });
}

describe("graphql-request with the fetch of the auth client", () => {
  const context = testContext();
  const ME = gql`
    {
      me {
        id
      }
    }
  `;

  it("is authenticated, and stays so when tokens expire and are refused", async () => {
    const store = memoryStore();
    const { auth, traffic, user } = await loggedIn(context, { api: "graphql", store });
    const client = new GraphQLClient(`${context.url}/graphql`, { fetch: auth.fetch });
    const expected = { me: { id: user.id } };
    expect(await client.request(ME)).to.deep.equal(expected);
    context.clock.advance(290);
    expect(await Promise.all([client.request(ME), client.request(ME)])).to.deep.equal([expected, expected]);
    expect(traffic.refreshes).to.equal(1);
    spoil(store);
    expect(await client.request(ME)).to.deep.equal(expected);
    expect(traffic.refreshes).to.equal(2);
    expect(await auth.logout()).to.deep.equal({ revoked: true });
    expect(await client.request(ME)).to.deep.equal({ me: null });
  });
});
