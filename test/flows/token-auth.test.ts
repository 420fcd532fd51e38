import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, refusal } from "../support/faces.js";
import { decode, SECRET_KID } from "../support/forge.js";
import { graphql } from "../support/http.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";

const WEEK = 7 * 24 * 3600;

onEachDatabase("tokenAuth", (createDatabase) => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" }, createDatabase);

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      it("answers token, payload, refresh token, its expiry and the user for the right password", async () => {
        const email = `${face.name.toLowerCase()}@example.org`;
        const user = await context.createUser({ email, isStaff: true, roles: ["editor"] });
        const obtained = dataOf(await face.tokenAuth({ username: user.username, password: PASSWORD }));
        const { token, refreshToken, ...rest } = obtained;
        const payload = { username: user.username, exp: NOW + 300, origIat: NOW };
        expect(rest).to.deep.equal({
          payload,
          refreshExpiresIn: NOW + WEEK,
          user: {
            id: user.id,
            username: user.username,
            email,
            isStaff: true,
            isSuperuser: false,
            roles: ["editor"],
            permissions: [],
          },
        });
        expect(decode(token, "header")).to.deep.equal({ alg: "HS256", typ: "JWT", kid: SECRET_KID });
        expect(decode(token, "payload")).to.deep.equal(payload);
        expect(refreshToken).to.match(/^[\w-]{75}$/); // 20 random bytes, the generation and the MAC
        expect(context.hasher.runs).to.equal(1);
      });

      const refused: [name: string, given: { username?: string; password: string }, isActive?: boolean][] = [
        ["a wrong password", { password: "wrong" }],
        ["an empty password", { password: "" }],
        ["the password with a space after it", { password: `${PASSWORD} ` }],
        ["an unknown user", { username: "nobody", password: PASSWORD }],
        ["an unknown user with an empty password", { username: "nobody", password: "" }],
        ["an empty username", { username: "", password: PASSWORD }],
        ["a username of 255 characters", { username: "u".repeat(255), password: PASSWORD }],
        ["an inactive user with the right password", { password: PASSWORD }, false],
        ["an inactive user with a wrong password", { password: "wrong" }, false],
      ];
      for (const [name, given, isActive = true] of refused) {
        it(`refuses ${name}, always after one password hash and with the same answer`, async () => {
          const { username } = await context.createUser({ isActive });
          const outcome = await face.tokenAuth({ username, ...given });
          expect(outcome).to.deep.equal(refusal(face, "INVALID_CREDENTIALS", "Please enter valid credentials"));
          expect(context.hasher.runs).to.equal(1);
          expect(context.eventNames).to.deep.equal(["loginFailed"]);
          expect(context.events[0]?.user).to.equal(given.username ?? username);
          expect(await context.sessionsOf(given.username ?? username)).to.deep.equal([]);
        });
      }

      it("refuses a username in other capitals", async () => {
        const { username } = await context.createUser();
        const outcome = await face.tokenAuth({ username: username.toUpperCase(), password: PASSWORD });
        expect(outcome).to.deep.equal(refusal(face, "INVALID_CREDENTIALS", "Please enter valid credentials"));
      });

      const bad: [name: string, given: object, message: string][] = [
        [
          "a username of 256 characters",
          { username: "u".repeat(256) },
          "username must not be longer than 255 characters",
        ],
        ["a control character", { username: "a\u0000b" }, "username must not contain control characters"],
        ["1025 characters", { password: "p".repeat(1025) }, "password must not be longer than 1024 characters"],
      ];
      for (const [name, given, message] of bad) {
        it(`answers 400 to ${name}, and hashes nothing`, async () => {
          const outcome = await face.tokenAuth({ username: "u", password: "p", ...given });
          expect(outcome).to.deep.equal({ code: "BAD_USER_INPUT", message, status: 400 });
          expect(context.hasher.runs).to.equal(0);
          expect(context.events).to.deep.equal([]);
        });
      }

      it("is not reached when the header holds a bad token", async () => {
        const { username } = await context.createUser();
        const outcome = await face.tokenAuth({ username, password: PASSWORD }, { authorization: "JWT garbage" });
        const code = face.name === "GraphQL" ? "unauthorized" : "INVALID_TOKEN";
        expect(outcome).to.deep.equal({ code, message: "Invalid token", status: 401 });
        expect(context.hasher.runs).to.equal(0);
        expect(context.events).to.deep.equal([]);
        expect(await context.sessionsOf(username)).to.deep.equal([]);
      });
    });
  }

  it("without a password is no valid GraphQL", async () => {
    const { status, body } = await graphql(`${context.url}/graphql`, 'mutation { tokenAuth(username: "a") { token } }');
    expect(status).to.equal(400);
    expect(body.errors).to.deep.equal([
      {
        message: 'Field "tokenAuth" argument "password" of type "String!" is required, but it was not provided.',
        locations: [{ line: 1, column: 12 }],
        extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
      },
    ]);
  });

  it("without a password is bad input for tRPC", async () => {
    const outcome = await context.trpc.tokenAuth({ username: "a" });
    expect(outcome).to.deep.equal({ code: "BAD_USER_INPUT", message: "password must be a string", status: 400 });
  });
});
