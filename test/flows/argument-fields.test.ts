import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink } from "@trpc/client";
import { expect } from "chai";
import { type AuthUser, createAuth, type UserDirectory } from "../../src/index.js";
import { outcomeOf } from "../support/faces.js";
import { forge, SECRET_KEY } from "../support/forge.js";
import { type GraphQLBody, graphql } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { argumentHost, type ArgumentHostRouter } from "./argument-host.js";

const NAMES = ["ann", "bob", "cem", "dee", "eve", "flo", "gus", "hal"];
const DENIED = "You do not have permission to perform this action";

/** Eight users, who are found after a while: sooner or later than those who were asked for at the same time. */
const users: UserDirectory = {
  async findByNaturalKey(name) {
    const index = NAMES.indexOf(name);
    for (let turns = index % 4; turns > 0; turns -= 1) await new Promise(setImmediate);
    return index < 0 ? null : userCalled(name);
  },
  checkPassword: async () => false,
};

function userCalled(username: string): AuthUser {
  return { id: username, username, isActive: true, isStaff: username === "ann" };
}

function tokenOf(username: string): string {
  return forge({ username });
}

describe("per-argument authentication in a host application", () => {
  let host: Listening;

  before(async () => {
    host = await listen(
      await argumentHost(await createAuth({ users, secretKey: SECRET_KEY, settings: { allowArgument: true } })),
    );
  });
  after(() => host.close());

  async function ask(
    query: string,
    tokens: Record<string, string> = {},
    header?: string,
  ): Promise<GraphQLBody<object>> {
    const headers = header === undefined ? {} : { authorization: `JWT ${tokenOf(header)}` };
    const variables = Object.fromEntries(Object.entries(tokens).map(([key, name]) => [key, tokenOf(name)]));
    return (await graphql(`${host.url}/graphql`, query, variables, headers)).body;
  }

  describe("over GraphQL", () => {
    it("holds for all fields below, in lists and through fields that take no token", async () => {
      const query = "query ($a: String) { rooms(token: $a) { visitor key doors { visitor doors { visitor } } } }";
      const { data, errors } = await ask(query, { a: "bob" }, "ann");
      expect(errors).to.equal(undefined);
      const innermost = { visitor: "bob" };
      const door = { visitor: "bob", doors: [innermost, innermost] };
      expect(data).to.deep.equal({
        rooms: ["hall", "cellar", "attic"].map((name) => ({
          visitor: "bob",
          key: `key of the ${name}`,
          doors: [door, door],
        })),
      });
    });

    it("ends where a field below is given another token, and goes on beside it", async () => {
      const query =
        "query ($a: String, $b: String) { rooms(token: $a) { visitor theirs: doors(token: $b) { visitor } ours: doors { visitor } } hers: rooms { visitor } }";
      const { data } = await ask(query, { a: "bob", b: "cem" }, "ann");
      const [theirs, ours] = [{ visitor: "cem" }, { visitor: "bob" }];
      const room = { visitor: "bob", theirs: [theirs, theirs], ours: [ours, ours] };
      const hers = { visitor: "ann" };
      expect(data).to.deep.equal({ rooms: [room, room, room], hers: [hers, hers, hers] });
    });

    it("decides @Authorized of the field and of fields below", async () => {
      const query =
        "query ($a: String) { mine: secret(token: $a) nobodys: secret rooms(token: $a) { key } closed: rooms { name } }";
      const { data, errors } = await ask(query, { a: "bob" });
      expect(data).to.deep.include({ mine: "the secret of bob", nobodys: null });
      expect(errors?.map(({ message, extensions }) => [message, extensions?.code])).to.deep.equal([
        [DENIED, "UNAUTHENTICATED"],
      ]);
      const closed = await ask("query ($a: String) { rooms(token: $a) { name } closed: rooms { key } }", { a: "bob" });
      expect(closed.errors?.[0]?.extensions?.code).to.equal("UNAUTHENTICATED");
    });

    it("fails in the field with the bad token only, before it runs, and with its code", async () => {
      const query = 'query ($a: String) { bad: secret(token: "garbage") good: secret(token: $a) }';
      expect(await ask(query, { a: "bob" })).to.deep.equal({
        data: { bad: null, good: "the secret of bob" },
        errors: [
          {
            message: "Error decoding signature",
            locations: [{ line: 1, column: 22 }],
            path: ["bad"],
            extensions: { code: "INVALID_TOKEN" },
          },
        ],
      });
    });

    it("takes the token of an input object", async () => {
      const query =
        'mutation ($a: String, $b: String) { anns: note(input: { token: $a, text: "x" }) bobs: note(input: { token: $b, text: "y" }) mine: note(input: { text: "z" }) }';
      const { data, errors } = await ask(query, { a: "ann", b: "bob" });
      expect(data).to.deep.equal({ anns: "ann: x", bobs: null, mine: null });
      expect(errors?.map(({ extensions }) => extensions?.code)).to.deep.equal(["FORBIDDEN", "UNAUTHENTICATED"]);
    });

    it("leaves a field alone whose token is its own business", async () => {
      expect(await ask('{ redeem(token: "voucher") }', {}, "bob")).to.deep.equal({
        data: { redeem: "bob redeems voucher" },
      });
    });

    it("never mixes users in 200 parallel queries that go deep", async () => {
      const query =
        "query ($a: String, $b: String) { x: rooms(token: $a) { visitor doors { visitor } other: doors(token: $b) { visitor } } y: secret(token: $b) z: rooms { visitor } }";
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const [a, b, c] = [index, index * 3 + 1, index * 5 + 2].map((n) => NAMES[n % NAMES.length] ?? "");
          const answer = await ask(query, { a: a ?? "", b: b ?? "" }, c);
          const [ofA, ofB, ofC] = [{ visitor: a }, { visitor: b }, { visitor: c }];
          const room = { visitor: a, doors: [ofA, ofA], other: [ofB, ofB] };
          return [answer, { data: { x: [room, room, room], y: `the secret of ${b}`, z: [ofC, ofC, ofC] } }];
        }),
      );
      for (const [answer, expected] of answers) expect(answer).to.deep.equal(expected);
    });
  });

  for (const link of [httpLink, httpBatchLink, httpBatchStreamLink]) {
    it(`gives each of the host's procedures its own, over tRPC's ${link.name}`, async () => {
      const headers = { authorization: `JWT ${tokenOf("dee")}` };
      const client = createTRPCClient<ArgumentHostRouter>({ links: [link({ url: `${host.url}/trpc`, headers })] });
      const outcomes = await Promise.all([
        outcomeOf(client.secret.query({ token: tokenOf("bob") })),
        outcomeOf(client.secret.query()),
        outcomeOf(client.visitor.query()),
        outcomeOf(client.note.mutate({ input: { token: tokenOf("ann"), text: "x" } })),
        outcomeOf(client.note.mutate({ input: { token: tokenOf("bob"), text: "y" } })),
        outcomeOf(client.secret.query({ token: tokenOf("ghost") })),
        outcomeOf(client.secret.query({ token: "garbage" })),
        outcomeOf(client.redeem.query({ token: "voucher" })),
      ]);
      const seen = outcomes.map((outcome) => ("data" in outcome ? outcome.data : outcome.code));
      expect(seen).to.deep.equal([
        "the secret of bob",
        "the secret of dee",
        "dee",
        "ann: x",
        "FORBIDDEN",
        "UNAUTHENTICATED",
        "INVALID_TOKEN",
        "dee redeems voucher",
      ]);
    });
  }
});
