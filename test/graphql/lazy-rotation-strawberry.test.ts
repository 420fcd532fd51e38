import { expect } from "chai";
import { graphql } from "../support/http.js";
import { PASSWORD, testContext } from "../support/test-context.js";

type Answer = { requestToken: { token: string; refreshToken: { token: string } } };

/** What is selected, whether the client receives the new refresh token by it, and fragments beside it. */
const CASES: readonly (readonly [selection: string, receives: boolean, fragments?: string])[] = [
  ["token", false],
  ["token refreshToken { exp iat }", false],
  ["token refreshToken { __typename }", false],
  ["token refreshToken { token @skip(if: true) exp }", false],
  ["token refreshToken @include(if: false) { token }", false],
  ["token refreshToken { ...F }", false, "fragment F on RefreshedTokenType { exp }"],
  ["token refreshToken { token }", true],
  ["token next: refreshToken { value: token }", true],
  ["token refreshToken { exp } refreshToken { token }", true],
  ["token refreshToken { ...F }", true, "fragment F on RefreshedTokenType { token }"],
  ["...F", true, "fragment F on TokenType { refreshToken { ... { token } } }"],
];

describe("requestToken rotates if, and only if, the client receives the new token", () => {
  const context = testContext({
    JWT_MUTATIONS: "strawberry",
    JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
    JWT_REUSE_REFRESH_TOKENS: "true",
    JWT_REFRESH_GRACE_PERIOD: "0",
  });

  async function ask(query: string, variables: Record<string, unknown>): Promise<Answer> {
    const { status, body } = await graphql<Answer>(`${context.url}/graphql`, query, variables);
    expect(body.errors).to.equal(undefined);
    expect(status).to.equal(200);
    return body.data as Answer;
  }

  const refresh = (selection: string, fragments = "") =>
    `mutation($r: String) { requestToken(refreshToken: $r) { ${selection} } } ${fragments}`;

  for (const [selection, receives, fragments] of CASES) {
    it(`${receives ? "rotates" : "does not rotate"}: ${selection} ${fragments ?? ""}`, async () => {
      const { username } = await context.createUser();
      const login =
        "mutation($u: String, $p: String) { requestToken(username: $u, password: $p) { refreshToken { token } } }";
      const r = (await ask(login, { u: username, p: PASSWORD })).requestToken.refreshToken.token;
      await ask(refresh(selection, fragments), { r });
      expect((await context.sessionsOf(username))[0]?.generation).to.equal(receives ? 1 : 0);
      expect(context.eventNames.includes("refreshTokenRotated")).to.equal(receives);
      if (receives) return;
      const { requestToken } = await ask(refresh("refreshToken { token }"), { r });
      expect(requestToken.refreshToken.token).to.be.a("string").and.not.equal(r);
    });
  }
});
