import { expect } from "chai";
import { BadUserInputError } from "../../src/errors.js";
import { checkNewUser, type NewUser } from "../../src/users/new-user.js";

const VALID: NewUser = { username: "alice", password: "secret" };

describe("checkNewUser", () => {
  const acceptable: Partial<NewUser>[] = [
    {},
    { username: "Ünïcode.名前_1@example+tag-2" },
    { username: "é".repeat(150) },
    { username: "𝒜".repeat(150) },
    { email: null },
    { email: "alice@example.com" },
    { password: " " },
    { password: "p".repeat(1024) },
    { roles: ["editor"], permissions: ["recipes.edit"] },
  ];
  for (const properties of acceptable) {
    it(`accepts ${JSON.stringify(properties).slice(0, 60)}`, () => {
      expect(() => checkNewUser({ ...VALID, ...properties })).to.not.throw();
    });
  }

  const characters = "The username may contain only letters, digits and @ . + - _";
  const refused: [Partial<NewUser>, string, string][] = [
    [{ username: "" }, "username", "The username must not be empty"],
    [{ username: "a".repeat(151) }, "username", "The username must not be longer than 150 characters"],
    [{ username: "ﷺ".repeat(10) }, "username", "The username must not be longer than 150 characters"],
    [{ username: "alice smith" }, "username", characters],
    [{ username: " alice" }, "username", characters],
    [{ username: "alice\n" }, "username", characters],
    [{ username: "ali\u0000ce" }, "username", characters],
    [{ username: "\ud83d" }, "username", characters],
    [{ username: "<b>" }, "username", characters],
    [{ email: "" }, "email", "The e-mail address is not valid"],
    [{ email: "alice" }, "email", "The e-mail address is not valid"],
    [{ email: `${"a".repeat(250)}@example.com` }, "email", "The e-mail address is not valid"],
    [{ password: "" }, "password", "The password must not be empty"],
    [{ password: "p".repeat(1025) }, "password", "The password must not be longer than 1024 characters"],
    [{ roles: ["editor", " "] }, "roles", "Roles must not be empty"],
    [{ permissions: [""] }, "permissions", "Permissions must not be empty"],
  ];
  for (const [properties, argument, problem] of refused) {
    it(`refuses ${JSON.stringify(properties).slice(0, 60)}`, () => {
      expect(() => checkNewUser({ ...VALID, ...properties }))
        .to.throw(BadUserInputError, problem)
        .with.deep.property("problems", [{ argument, problem }]);
    });
  }

  it("names everything that is wrong at once", () => {
    expect(() => checkNewUser({ username: "", password: "", email: "?" }))
      .to.throw(
        BadUserInputError,
        "The username must not be empty; The e-mail address is not valid; The password must not be empty",
      )
      .with.property("code", "BAD_USER_INPUT");
  });
});
