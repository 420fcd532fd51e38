import { expect } from "chai";
import { type AuthUser, createAuth, createTrpc } from "../../src/index.js";
import { forge, SECRET_KEY } from "../support/forge.js";

const ADA: AuthUser = { id: 1, username: "ada", isActive: true };

describe("a tRPC subscription that never yields anything", () => {
  const users = { findByNaturalKey: async () => ADA, checkPassword: async () => false };
  const { router, authorized } = createTrpc();
  const appRouter = router({
    silence: authorized().subscription(async function* () {
      yield await new Promise<string>(() => {});
    }),
  });

  for (const [when, isAbortedBefore] of [
    ["has gone", false],
    ["had gone before it began", true],
  ] as const) {
    it(`is let go of at once when its client ${when}: tRPC would wait for the next value`, async () => {
      const auth = await createAuth({ users, secretKey: SECRET_KEY });
      const headers = { authorization: `JWT ${forge({ username: "ada" })}` };
      const client = new AbortController();
      const caller = appRouter.createCaller(await auth.context({ headers }), { signal: client.signal });
      if (isAbortedBefore) client.abort();
      const values = await caller.silence();
      const next = values[Symbol.asyncIterator]().next();
      expect(auth.connections.size).to.equal(isAbortedBefore ? 0 : 1);
      client.abort();
      expect(auth.connections.size).to.equal(0);
      expect(await next).to.deep.equal({ done: true, value: undefined });
    });
  }
});
