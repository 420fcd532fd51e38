import { createTRPCClient, httpLink } from "@trpc/client";
import { expect } from "chai";
import { createAuth, type HiddenTokenAppRouter, type HiddenTokenAuthRouter } from "../../src/index.js";
import { Browser } from "../support/browser.js";
import { SECRET_KEY } from "../support/forge.js";
import { PASSWORD, testContext } from "../support/test-context.js";

describe("the types of the tRPC router with hideTokenFields", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" });

  it("have the properties that are answered, and no other", async () => {
    const { username } = await context.createUser();
    const { fetch } = new Browser();
    const links = [httpLink({ url: `${context.url}/trpc`, fetch: fetch as never })];
    const { auth } = createTRPCClient<HiddenTokenAppRouter>({ links });

    const obtained = await auth.tokenAuth.mutate({ username, password: PASSWORD });
    const login: Record<keyof typeof obtained, unknown> = { payload: 0, refreshExpiresIn: 0, user: 0 };
    expect(obtained).to.have.all.keys(login);
    // @ts-expect-error -- it is in a cookie
    expect(obtained.token).to.equal(undefined);

    const refreshed = await auth.refreshToken.mutate({});
    const refresh: Record<keyof typeof refreshed, unknown> = { payload: 0, refreshExpiresIn: 0 };
    expect(refreshed).to.have.all.keys(refresh);
    // @ts-expect-error -- it is in a cookie
    expect(refreshed.refreshToken).to.equal(undefined);
    expect((await auth.me.query())?.username).to.equal(username);
  });

  it("fit the router that a host application mounts", async () => {
    const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
    const settings = { cookies: true, hideTokenFields: true };
    const { trpcRouter } = await createAuth({ users, secretKey: SECRET_KEY, settings });
    const hidden: HiddenTokenAuthRouter = trpcRouter;
    expect(hidden).to.equal(trpcRouter);
  });
});
