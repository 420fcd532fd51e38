import { expect } from "chai";
import { dataOf } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { testContext } from "../support/test-context.js";

/** A mutation, whether the client receives the new refresh token by it, and variables beside `$r`. */
type Case = [query: string, receives: boolean, variables?: Record<string, unknown>];

const mutation = (selection: string, declared = ""): string =>
  `mutation($r: String${declared}) { refreshToken(refreshToken: $r) { ${selection} } }`;

const SPREAD = "fragment F on Refresh { refreshToken }";
const NESTED =
  "fragment F on Refresh { ...G } fragment G on Refresh { token ...H } fragment H on Refresh { refreshToken }";

const CASES: Case[] = [
  [mutation("token"), false],
  [mutation("token payload refreshExpiresIn __typename"), false],
  [mutation("refreshToken: token"), false],
  [mutation("token refreshToken"), true],
  [mutation("token next: refreshToken"), true],
  [`mutation($r: String) { renewed: refreshToken(refreshToken: $r) { refreshToken } }`, true],
  [`${mutation("...F")} ${SPREAD}`, true],
  [`${mutation("...F")} ${NESTED}`, true],
  [mutation("... on Refresh { refreshToken }"), true],
  [mutation("... { refreshToken }"), true],
  [mutation("... on Refresh { ... { token } }"), false],
  [mutation("token refreshToken @include(if: false)"), false],
  [mutation("token refreshToken @skip(if: true)"), false],
  [mutation("token refreshToken @include(if: true) @skip(if: true)"), false],
  [mutation("token refreshToken @include(if: true) @skip(if: false)"), true],
  [mutation("token refreshToken @skip(if: true) again: refreshToken"), true],
  [mutation("token refreshToken @include(if: $i)", ", $i: Boolean!"), true, { i: true }],
  [mutation("token refreshToken @include(if: $i)", ", $i: Boolean!"), false, { i: false }],
  [mutation("token refreshToken @skip(if: $i)", ", $i: Boolean = true"), false],
  [mutation("token ... @include(if: false) { refreshToken }"), false],
  [mutation("token ... on Refresh @skip(if: $i) { refreshToken }", ", $i: Boolean!"), true, { i: false }],
  [`${mutation("token ...F @skip(if: true)")} ${SPREAD}`, false],
  [`${mutation("token ...F @include(if: true)")} ${SPREAD}`, true],
  [
    `mutation($r: String) { refreshToken(refreshToken: $r) { token } refreshToken(refreshToken: $r) { refreshToken } }`,
    true,
  ],
];

describe("rotation over GraphQL happens if, and only if, the client receives the new token", () => {
  const context = testContext();

  for (const [query, receives, variables] of CASES) {
    it(`${receives ? "rotates" : "does not rotate"}: ${query.replace(/^mutation\(\$r: String,? ?/, "(")}`, async () => {
      const { refreshToken, username } = await context.login();
      const { status, body } = await graphql(`${context.url}/graphql`, query, { r: refreshToken, ...variables });
      expect(status).to.equal(200);
      expect(body.errors).to.equal(undefined);
      expect((await context.sessionsOf(username))[0]?.generation).to.equal(receives ? 1 : 0);
      expect(context.eventNames.includes("refreshTokenRotated")).to.equal(receives);
      if (receives) return;
      context.clock.advance(60);
      expect(dataOf(await context.graphql.refreshToken({ refreshToken }))).to.have.property("refreshToken");
    });
  }

  it("counts for each field of its own", async () => {
    const [first, second] = [await context.login(), await context.login()];
    const query = `mutation($a: String, $b: String) {
      a: refreshToken(refreshToken: $a) { token }
      b: refreshToken(refreshToken: $b) { refreshToken }
    }`;
    await graphql(`${context.url}/graphql`, query, { a: first.refreshToken, b: second.refreshToken });
    expect((await context.sessionsOf(first.username))[0]?.generation).to.equal(0);
    expect((await context.sessionsOf(second.username))[0]?.generation).to.equal(1);
  });
});
