import { expect } from "chai";
import { createLogger } from "../../src/server/logging.js";
import { withoutTokens } from "../../src/server/without-tokens.js";
import { forge } from "../support/forge.js";

/** What the server's logger writes for an error. */
function logged(error: unknown): Record<string, unknown> {
  const lines: string[] = [];
  const logger = createLogger("trace", { write: (line) => lines.push(line) });
  logger.error({ err: error }, "it failed");
  expect(lines).to.have.length(1);
  expect(lines[0]).to.match(/^[^\n]+\n$/);
  return JSON.parse(lines[0] ?? "").err;
}

describe("the log of an error", () => {
  it("has its type, message, code and stack, and no other property", () => {
    const error = Object.assign(new TypeError("no"), { code: "E_NO", parameters: ["s3cret"], config: { headers: {} } });
    expect(logged(error)).to.deep.equal({ type: "TypeError", message: "no", code: "E_NO", stack: error.stack });
  });

  it("has five of its causes, and ends where they go in a circle", () => {
    const error = new Error("0");
    error.cause = error;
    const messages: unknown[] = [];
    for (let one = logged(error); one; one = one["cause"] as Record<string, unknown>) messages.push(one["message"]);
    expect(messages).to.deep.equal(["0", "0", "0", "0", "0", "0"]);
  });

  it("has nothing of what is thrown and is no error", () => {
    const message = "something that is no error was thrown";
    expect(logged("s3cret")).to.deep.equal({ type: "string", message });
    expect(logged({ password: "s3cret" })).to.deep.equal({ type: "object", message });
    expect(logged(null)).to.deep.equal({ type: "object", message });
  });

  it("has only the code of Fastify's errors, whose message repeats the URL", () => {
    const error = Object.assign(new Error("Reply was already sent in /graphql?query=s3cret"), { code: "FST_ERR_REP" });
    expect(logged(error)).to.deep.equal({ type: "Error", message: "FST_ERR_REP", code: "FST_ERR_REP" });
  });

  it("has no token that somebody put into a message", () => {
    const token = forge({ username: "a" });
    const { message, stack } = logged(new Error(`cannot read ${token}`)) as Record<string, string>;
    expect(message).to.equal("cannot read [token]");
    expect(stack).to.match(/^Error: cannot read \[token\]\n {4}at /);
  });
});

describe("withoutTokens", () => {
  const token = forge({ username: "a" });
  const refreshToken = "r-_4".repeat(18);
  const cases: readonly (readonly [text: string, without: string])[] = [
    ["", ""],
    ["Cannot read properties of undefined (reading 'user')", "Cannot read properties of undefined (reading 'user')"],
    [`"${token}" is bad`, '"[token]" is bad'],
    [`JWT ${token}, ${token}`, "JWT [token], [token]"],
    [`?token=${token.slice(0, 40)}`, "?token=[token]"],
    [`refreshToken:${refreshToken}!`, "refreshToken:[token]!"],
    [`at keyJoin (file:///a/${"b".repeat(63)}.js:1:2)`, `at keyJoin (file:///a/${"b".repeat(63)}.js:1:2)`],
  ];
  for (const [text, without] of cases) {
    it(`makes ${JSON.stringify(without)}`, () => expect(withoutTokens(text)).to.equal(without));
  }
});
