import { httpBatchLink, httpBatchStreamLink, httpLink, type TRPCClientError } from "@trpc/client";
import { expect } from "chai";
import type { AppRouter } from "../../src/index.js";
import { trpcClient } from "../support/faces.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";

const LINKS = { httpLink, httpBatchLink, httpBatchStreamLink };

/** What tRPC's client makes of an error: everything that it lets the caller see of the answer. */
async function errorOf(call: Promise<unknown>) {
  const error = (await call.then(
    () => expect.fail("it succeeded"),
    (reason: unknown) => reason,
  )) as TRPCClientError<AppRouter>;
  return { message: error.message, data: error.data };
}

for (const [name, link] of Object.entries(LINKS)) {
  describe(`@trpc/client with ${name}`, () => {
    const context = testContext();
    const client = (headers: Record<string, string> = {}) => trpcClient(link({ url: `${context.url}/trpc`, headers }));

    it("logs in, asks who it is, refreshes and revokes", async () => {
      const { username, id } = await context.createUser({ roles: ["editor"] });
      const { token, refreshToken, user } = await client().auth.tokenAuth.mutate({ username, password: PASSWORD });
      expect(user).to.deep.include({ id, username, roles: ["editor"] });
      expect(await client({ authorization: `JWT ${token}` }).auth.me.query()).to.deep.equal(user);
      const refreshed = await client().auth.refreshToken.mutate({ refreshToken });
      expect(refreshed.refreshToken).to.not.equal(refreshToken);
      expect(refreshed).to.have.all.keys("token", "payload", "refreshExpiresIn", "refreshToken");
      const { payload } = await client().auth.verifyToken.mutate({ token: refreshed.token });
      expect(payload).to.deep.equal(refreshed.payload);
      const { revoked } = await client().auth.revokeToken.mutate({ refreshToken: refreshed.refreshToken });
      expect(revoked).to.equal(NOW);
    });

    it("answers null to an anonymous client that asks who it is", async () => {
      expect(await client().auth.me.query()).to.equal(null);
    });

    it("surfaces the code of an operation that refuses", async () => {
      expect(await errorOf(client().auth.tokenAuth.mutate({ username: "a", password: "b" }))).to.deep.equal({
        message: "Please enter valid credentials",
        data: { code: "UNAUTHORIZED", httpStatus: 401, path: "auth.tokenAuth", errorCode: "INVALID_CREDENTIALS" },
      });
    });

    for (const [what, token, message, errorCode] of [
      ["a bad token", () => "garbage", "Invalid token", "INVALID_TOKEN"],
      [
        "an expired token",
        () => context.token({ exp: NOW - 1 }, { header: { alg: "HS256", typ: "at+jwt" } }),
        "Token expired",
        "TOKEN_EXPIRED",
      ],
    ] as const) {
      it(`surfaces the 401 for ${what}, which no procedure has seen, in each call of the batch`, async () => {
        const { username } = await context.createUser();
        const { auth } = client({ authorization: `JWT ${token()}` });
        const calls = [auth.me.query(), auth.tokenAuth.mutate({ username, password: PASSWORD }), auth.me.query()];
        const expected = { message, data: { code: "UNAUTHORIZED", httpStatus: 401, errorCode } };
        expect(await Promise.all(calls.map(errorOf))).to.deep.equal([expected, expected, expected]);
        expect(context.hasher.runs).to.equal(0);
        expect(context.events).to.deep.equal([]);
      });
    }

    it("surfaces what is wrong with an input", async () => {
      expect(await errorOf(client().auth.tokenAuth.mutate({ username: 5 } as never))).to.deep.equal({
        message: "username must be a string; password must be a string",
        data: { code: "BAD_REQUEST", httpStatus: 400, path: "auth.tokenAuth", errorCode: "BAD_USER_INPUT" },
      });
    });

    it("surfaces that there is no such procedure", async () => {
      const untyped = client() as unknown as { auth: { logIn: { mutate(input: object): Promise<unknown> } } };
      expect(await errorOf(untyped.auth.logIn.mutate({}))).to.deep.equal({
        message: 'No procedure found on path "auth.logIn"',
        data: { code: "NOT_FOUND", httpStatus: 404, path: "auth.logIn", errorCode: "NOT_FOUND" },
      });
    });

    it("gets each its own answer to simultaneous calls", async () => {
      const { token, username } = await context.login();
      const { auth } = client();
      const outcomes = await Promise.allSettled([
        auth.verifyToken.mutate({ token }),
        auth.tokenAuth.mutate({ username, password: "wrong" }),
        auth.verifyToken.mutate({ token: "garbage" }),
        auth.tokenAuth.mutate({ username, password: PASSWORD }),
      ]);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "rejected", "fulfilled"]);
      expect(context.eventNames).to.have.members(["loginFailed", "tokenIssued"]);
    });
  });
}
