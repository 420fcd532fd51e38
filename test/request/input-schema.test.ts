import { expect } from "chai";
import { BadUserInputError } from "../../src/errors.js";
import { assertAtMostText, assertValidArgs, inputOf } from "../../src/request/input-schema.js";
import { RefreshTokenArgs, TokenAuthArgs } from "../../src/request/inputs.js";

/** Everything that JSON can be, and what the schema of `tokenAuth` says to it: the argument and the problem. */
const WRONG: [input: unknown, ...issues: [argument: string | undefined, message: string][]][] = [
  [null, [undefined, "The input must be an object"]],
  ["text", [undefined, "The input must be an object"]],
  [5, [undefined, "The input must be an object"]],
  [true, [undefined, "The input must be an object"]],
  [[], [undefined, "The input must be an object"]],
  [undefined, ["username", "username must be a string"], ["password", "password must be a string"]],
  [{}, ["username", "username must be a string"], ["password", "password must be a string"]],
  [{ username: "a", password: null }, ["password", "password must be a string"]],
  [{ username: ["a"], password: "b" }, ["username", "username must be a string"]],
  [{ username: "a", password: { toString: "b" } }, ["password", "password must be a string"]],
  [{ username: "a", password: "b", pass: "c" }, ["pass", "pass is not an argument"]],
  [JSON.parse('{ "username": "a", "password": "b", "__proto__": {} }'), ["__proto__", "__proto__ is not an argument"]],
  [{ username: "a", password: "b", constructor: 1 }, ["constructor", "constructor is not an argument"]],
  [{ username: "a", password: "b", ["x".repeat(99)]: 1 }, ["x".repeat(99), `${"x".repeat(40)}… is not an argument`]],
];

describe("inputOf", () => {
  const schema = inputOf(TokenAuthArgs)["~standard"];

  for (const [input, ...issues] of WRONG) {
    it(`refuses ${JSON.stringify(input)?.slice(0, 70)}`, () => {
      const expected = issues.map(([argument, message]) => ({
        message,
        path: argument === undefined ? [] : [argument],
      }));
      expect(schema.validate(input)).to.deep.equal({ issues: expected });
    });
  }

  it("answers an instance of the class", () => {
    const result = schema.validate({ username: "a", password: "b" });
    if (!("value" in result)) throw new Error("refused");
    expect(result.value).to.be.instanceOf(TokenAuthArgs);
    expect(Object.assign({}, result.value)).to.deep.equal({ username: "a", password: "b" });
  });

  it("takes nothing, null and missing members where all are optional", () => {
    for (const input of [undefined, {}, { token: null }, { token: undefined, refreshToken: "x" }]) {
      expect(inputOf(RefreshTokenArgs)["~standard"].validate(input)).to.have.property("value");
    }
  });

  it("tells ten problems of an input that has a thousand", () => {
    const names = Array.from({ length: 1000 }, (_, i) => `name${i}`);
    const result = schema.validate({
      username: "a",
      password: "b",
      ...Object.fromEntries(names.map((name) => [name, 1])),
    });
    const issues = names.slice(0, 10).map((name) => ({ message: `${name} is not an argument`, path: [name] }));
    expect(result).to.deep.equal({ issues });
  });

  it("never repeats a value", () => {
    const issues = JSON.stringify(schema.validate({ username: 5, password: { secret: "hunter2" } }));
    expect(issues).not.to.include("hunter2");
  });
});

describe("assertValidArgs", () => {
  it("names every argument that is wrong", () => {
    const args = Object.assign(new TokenAuthArgs(), { username: "u".repeat(256), password: "p".repeat(1025) });
    expect(() => assertValidArgs(args))
      .to.throw(BadUserInputError)
      .that.deep.includes({
        message: "username must not be longer than 255 characters; password must not be longer than 1024 characters",
        problems: [
          { argument: "username", problem: "username must not be longer than 255 characters" },
          { argument: "password", problem: "password must not be longer than 1024 characters" },
        ],
      });
  });
});

describe("assertAtMostText", () => {
  for (const name of [undefined, "token"]) {
    it(`takes nothing${name === undefined ? "" : `, or ${name}`}, and refuses what is no object`, () => {
      for (const nothing of [undefined, null, {}]) assertAtMostText(nothing, name);
      for (const input of [[], ["token"], 5, true, "text", ""]) {
        expect(() => assertAtMostText(input, name))
          .to.throw(BadUserInputError, "The input must be an object")
          .with.deep.property("problems", [{ argument: "input", problem: "The input must be an object" }]);
      }
    });
  }

  it("takes the text under its name alone", () => {
    assertAtMostText({ token: "x" }, "token");
    expect(() => assertAtMostText({ token: 5 }, "token")).to.throw(BadUserInputError, "token must be a string");
    expect(() => assertAtMostText({ tokens: "x" }, "token")).to.throw(BadUserInputError, "tokens is not an argument");
    expect(() => assertAtMostText({ token: "x" }, undefined)).to.throw(BadUserInputError, "token is not an argument");
  });
});
