import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { type Face, refusal } from "../support/faces.js";
import { encode, forge } from "../support/forge.js";
import { NOW, testContext } from "../support/test-context.js";

const CLAIMS = { username: "ghost", exp: NOW + 60, origIat: NOW };

const ANSWERED: [name: string, payload: object][] = [
  ["an unknown user", CLAIMS],
  ["no username", { exp: NOW + 60 }],
  ["no origIat and no exp", { username: "ghost" }],
  ["claims of one's own", { ...CLAIMS, a: [1, { b: null }] }],
];

const REFUSED: [name: string, args: { token?: string | null }, code: string, message: string, trpcStatus?: number][] = [
  ["garbage", { token: "garbage" }, "INVALID_TOKEN", "Error decoding signature"],
  ["three words", { token: "JWT a b" }, "INVALID_TOKEN", "Error decoding signature"],
  ["an empty string", { token: "" }, "INVALID_TOKEN", "Error decoding signature"],
  ["another secret", { token: forge(CLAIMS, { secret: "x" }) }, "INVALID_TOKEN", "Error decoding signature"],
  ["alg none", { token: `${encode({ alg: "none" })}.${encode(CLAIMS)}.` }, "INVALID_TOKEN", "Invalid token"],
  [
    "HS512 with the right secret",
    { token: forge(CLAIMS, { header: { alg: "HS512" }, hash: "sha512" }) },
    "INVALID_TOKEN",
    "Invalid token",
  ],
  ["an expired token", { token: forge({ ...CLAIMS, exp: NOW }) }, "TOKEN_EXPIRED", "Signature has expired"],
  [
    "an expired token of another secret",
    { token: forge({ ...CLAIMS, exp: NOW - 1 }, { secret: "x" }) },
    "INVALID_TOKEN",
    "Error decoding signature",
  ],
  ["no argument", {}, "TOKEN_REQUIRED", "Token is required", 400],
  ["null", { token: null }, "TOKEN_REQUIRED", "Token is required", 400],
];

onEachDatabase("verifyToken", (createDatabase) => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_VERIFY_EXPIRATION: "true" }, createDatabase);

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      for (const [name, payload] of ANSWERED) {
        it(`answers the payload of a valid token with ${name}`, async () => {
          expect(await face.verifyToken({ token: forge(payload) })).to.deep.equal({ data: { payload } });
        });
      }

      for (const [name, args, ...expected] of REFUSED) {
        it(`answers "${expected[1]}" to ${name}`, async () => {
          expect(await face.verifyToken(args)).to.deep.equal(refusal(face, ...expected));
        });
      }

      it("answers the payload that tokenAuth answered", async () => {
        const { token, username } = await context.login();
        const payload = { username, exp: NOW + 300, origIat: NOW };
        expect(await face.verifyToken({ token })).to.deep.equal({ data: { payload } });
      });

      it("does not look at the user, only at the token", async () => {
        const { token, username } = await context.login();
        await context.changeUser(username, { isActive: false });
        expect(await face.verifyToken({ token })).to.have.property("data");
      });
    });
  }
});

describe("verifyToken without verifyExpiration", () => {
  const context = testContext({ JWT_PROFILE: "documented" });

  for (const face of context.faces) {
    it(`answers the payload of an expired token over ${face.name}`, async () => {
      const payload = { ...CLAIMS, exp: NOW - 365 * 24 * 3600 };
      expect(await face.verifyToken({ token: forge(payload) })).to.deep.equal({ data: { payload } });
    });
  }
});

describe("verifyToken in the hardened profile", () => {
  const context = testContext();

  async function refused(face: Face, token: string): Promise<void> {
    expect(await face.verifyToken({ token })).to.deep.equal(refusal(face, "INVALID_TOKEN", "Invalid token"));
  }

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      const header = { alg: "HS256", typ: "at+jwt" };

      it("answers the payload of a live session's token", async () => {
        const { token, username, sid } = await context.login();
        const outcome = await face.verifyToken({ token });
        expect(outcome)
          .to.have.nested.property("data.payload.jti")
          .that.matches(/^[\da-f-]{36}$/);
        expect(outcome).to.deep.nested.include({ "data.payload.sid": sid, "data.payload.username": username });
        expect(await face.verifyToken({ token: forge({ ...CLAIMS, username, sid }, { header }) })).to.have.property(
          "data",
        );
      });

      it("refuses the type of another kind of token", async () => {
        const { username, sid } = await context.login();
        for (const typ of ["JWT", "at+JWT", "application/at+jwt", "rt+jwt", "", undefined]) {
          await refused(face, forge({ ...CLAIMS, username, sid }, { header: { alg: "HS256", typ } }));
        }
      });

      it("refuses a token without exp", async () => {
        const { username, sid } = await context.login();
        await refused(face, forge({ username, origIat: NOW, sid }, { header }));
      });

      it("refuses a token without a session, with an unknown one and with one that is no text", async () => {
        for (const sid of [undefined, "00000000-0000-7000-8000-000000000000", "", 5, null, ["x"]]) {
          await refused(face, forge({ ...CLAIMS, sid }, { header }));
        }
      });

      it("refuses a token whose session has been revoked", async () => {
        const { token, refreshToken } = await context.login();
        expect(await face.revokeToken({ refreshToken })).to.deep.equal({ data: { revoked: NOW } });
        await refused(face, token);
      });

      it("refuses the token of a user who has been made inactive, until they are active again", async () => {
        const { token, username } = await context.login();
        await context.changeUser(username, { isActive: false });
        await refused(face, token);
        await context.changeUser(username, { isActive: true });
        expect(await face.verifyToken({ token })).to.have.property("data");
      });

      it("refuses a token from before the password was changed, and answers one from since then", async () => {
        const { token, username } = await context.login();
        context.clock.advance(1); // Access tokens have whole seconds.
        await context.changeUser(username, { tokensValidAfter: context.clock.now() });
        await refused(face, token);
        const later = await context.loginAgain(username);
        expect(await face.verifyToken({ token: later.token })).to.have.property("data");
      });
    });
  }
});
