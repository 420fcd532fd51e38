import { expect } from "chai";
import { decode } from "../support/forge.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { ask, data, differs, invalid, refusedWhole, send, unauthorized } from "./ask.js";
import { REQUEST_TOKEN } from "./queries.js";
import { G } from "./sections.js";

const WEEK = 7 * 24 * 3600;
const FAILURE = refusedWhole("requestToken", "Authentication failure", "INVALID_CREDENTIALS", 36);

/** What `requestToken` answers in long-running mode. */
interface RequestTokenBody {
  readonly data: {
    readonly requestToken: { readonly token: string; readonly refreshToken: { readonly token: string } };
  };
}

describe(G.title, () => {
  const context = testContext(G.settings);

  it("requestToken (issue), right password", async () => {
    const { username } = await context.createUser();
    const answer = await ask(context, REQUEST_TOKEN, { u: username, p: PASSWORD });
    const { token, refreshToken } = (answer.body as RequestTokenBody).data.requestToken;
    expect(answer).to.deep.equal(
      data({ requestToken: { token, refreshToken: { token: refreshToken.token, exp: NOW + WEEK, iat: NOW } } }),
    );
    expect(decode(token, "payload")).to.deep.equal({ username, exp: NOW + 3600, origIat: NOW });
    expect(refreshToken.token).to.match(/^[\w-]{75}$/);
  });

  it("requestToken, wrong password", async () => {
    const { username } = await context.createUser();
    expect(await ask(context, REQUEST_TOKEN, { u: username, p: "wrong" })).to.deep.equal(FAILURE);
  });

  it("requestToken, unknown user", async () => {
    expect(await ask(context, REQUEST_TOKEN, { u: "nobody", p: PASSWORD })).to.deep.equal(FAILURE);
  });

  it("requestToken, inactive user", async () => {
    const { username } = await context.createUser({ isActive: false });
    expect(await ask(context, REQUEST_TOKEN, { u: username, p: PASSWORD })).to.deep.equal(FAILURE);
  });

  it(differs("requestToken, no arguments", "bad input is 400 where nothing else is answered"), async () => {
    const { body, ...answer } = await ask(context, "mutation { requestToken { token } }");
    expect(answer).to.deep.equal({ status: 400, type: "application/json; charset=utf-8" });
    expect(body).to.deep.equal({
      errors: [
        {
          message: "Invalid arguments",
          locations: [{ line: 1, column: 12 }],
          path: ["requestToken"],
          extensions: { code: "BAD_USER_INPUT" },
        },
      ],
    });
  });

  it("requestToken, null arguments", async () => {
    expect(await ask(context, REQUEST_TOKEN, { u: null, p: null })).to.deep.equal(FAILURE);
    expect(context.hasher.runs).to.equal(1); // As long as any other.
  });

  it("requestToken while an invalid Authorization header is sent", async () => {
    const { username } = await context.createUser();
    const headers = { authorization: "JWT garbage" };
    expect(await ask(context, REQUEST_TOKEN, { u: username, p: PASSWORD }, headers)).to.deep.equal(
      unauthorized("Invalid token"),
    );
    expect(context.hasher.runs).to.equal(0);
  });

  it(differs("syntax error", "400 by GraphQL over HTTP; strawberry: 200"), async () => {
    expect(await ask(context, "{ me { ")).to.deep.equal(
      invalid("GRAPHQL_PARSE_FAILED", ["Syntax Error: Expected Name, found <EOF>.", 8]),
    );
  });

  it(differs("unknown field", "400 by GraphQL over HTTP; strawberry: 200"), async () => {
    expect(await ask(context, "{ nope }")).to.deep.equal(
      invalid("GRAPHQL_VALIDATION_FAILED", ['Cannot query field "nope" on type "Query".', 3]),
    );
  });

  it(differs("invalid JSON body", 'JSON; strawberry: the text "Unable to parse request body as JSON"'), async () => {
    expect(await send(`${context.url}/graphql`, "{not json")).to.deep.equal(
      invalid("BAD_REQUEST", ["Unparsable JSON body"]),
    );
  });
});
