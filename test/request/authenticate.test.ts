import { expect } from "chai";
import {
  type AuthUser,
  createAuth,
  type JwtSettingsInput,
  ServiceUnavailableError,
  type UserDirectory,
} from "../../src/index.js";
import { forge, SECRET_KEY } from "../support/forge.js";

const ALICE: AuthUser = { id: "1", username: "alice", isActive: true };

/** A directory of one user that notes every question. */
class OneUser implements UserDirectory {
  readonly asked: string[] = [];
  failure: Error | undefined;

  async findByNaturalKey(naturalKey: string): Promise<AuthUser | null> {
    this.asked.push(naturalKey);
    if (this.failure) throw this.failure;
    return naturalKey === "alice" ? ALICE : null;
  }

  async checkPassword(): Promise<boolean> {
    return false;
  }
}

async function host(settings: JwtSettingsInput = {}) {
  const users = new OneUser();
  return { users, auth: await createAuth({ users, secretKey: SECRET_KEY, settings }) };
}

const withToken = (token: string) => ({ headers: { authorization: `JWT ${token}` } });

describe("the context of a request", () => {
  it("has the user and the payload of its token", async () => {
    const { auth, users } = await host();
    const request = withToken(forge({ username: "alice", exp: 1 }));
    const context = await auth.context(request);
    expect(context.user).to.equal(ALICE);
    expect(context.payload).to.deep.equal({ username: "alice", exp: 1 });
    expect(context.request).to.equal(request);
    expect(context.auth).to.equal(auth.service);
    expect(users.asked).to.deep.equal(["alice"]);
  });

  it("has neither for a user who does not exist", async () => {
    const { auth } = await host();
    const { user, payload } = await auth.context(withToken(forge({ username: "ghost" })));
    expect({ user, payload }).to.deep.equal({ user: null, payload: null });
  });

  it("asks nobody without a token", async () => {
    const { auth, users } = await host();
    const { user, payload } = await auth.context({ headers: {} });
    expect({ user, payload }).to.deep.equal({ user: null, payload: null });
    expect(users.asked).to.deep.equal([]);
  });

  it("respects a user that an earlier middleware has set, and does not look at the token", async () => {
    let decoded = false;
    const decodeHandler = () => {
      decoded = true;
      return { username: "alice" };
    };
    const { auth, users } = await host({ decodeHandler });
    const bob: AuthUser = { id: "2", username: "bob", isActive: true };
    const { user, payload } = await auth.context(withToken("garbage"), bob);
    expect(user).to.equal(bob);
    expect(payload).to.equal(null);
    expect(decoded).to.equal(false);
    expect(users.asked).to.deep.equal([]);
  });

  it("looks at the token when the earlier middleware found nobody", async () => {
    const { auth } = await host();
    expect((await auth.context(withToken(forge({ username: "alice" })), null)).user).to.equal(ALICE);
  });

  it("rejects for a bad token, before anybody is asked", async () => {
    const { auth, users } = await host();
    const outcome: unknown = await auth.context(withToken("garbage")).catch((error: unknown) => error);
    expect(outcome).to.include({ code: "INVALID_TOKEN", message: "Error decoding signature" });
    expect(users.asked).to.deep.equal([]);
  });

  it("drops a bad token of a cookie, but none that it cannot look at now: nobody is logged out by an outage", async () => {
    const { auth, users } = await host({ cookies: true });
    const request = (token: string) => ({ method: "GET", headers: { cookie: `JWT=${token}` } });
    const { user, cookies } = await auth.context(request("garbage"));
    expect(user).to.equal(null);
    expect(cookies?.setCookieHeaders()).to.deep.equal([
      "JWT=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly",
    ]);

    users.failure = new ServiceUnavailableError();
    const good = request(forge({ username: "alice" }));
    const error: unknown = await auth.context(good).catch((reason: unknown) => reason);
    expect(error).to.equal(users.failure);
    expect(users.asked).to.deep.equal(["alice"]);
    const { status, headers } = await auth.errorResponse({
      request: good,
      error,
      trpc: false,
      onServerError: () => undefined,
    });
    expect(status).to.equal(503);
    expect(headers).not.to.have.property("set-cookie");
  });
});
