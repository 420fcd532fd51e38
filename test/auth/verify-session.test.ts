import { expect } from "chai";
import { type Auth, type AuthUser, createAuth } from "../../src/index.js";
import { DataSources } from "../database/open-data-source.js";
import { decode, forge, SECRET_KEY } from "../support/forge.js";
import { rejection } from "../support/rejection.js";

const USERS: readonly (AuthUser & { username: string })[] = ["alice", "bob"].map((username) => ({
  id: username,
  username,
  isActive: true,
}));

// A host's own directory and the sessions are asked at the same time: what belongs together is not said by a query.
describe("verifySession with a user directory of the host's own", () => {
  const dataSources = new DataSources();
  let auth: Auth;
  before(async () => {
    auth = await createAuth<AuthUser>({
      users: {
        findByNaturalKey: async (name) => USERS.find(({ username }) => username === name) ?? null,
        checkPassword: async () => true,
      },
      secretKey: SECRET_KEY,
      dataSource: await dataSources.migrated("sqlite::memory:"),
      settings: { profile: "hardened" },
    });
  });
  after(() => dataSources.close());

  /** A token that is right but for what it says differently. */
  async function tokenOf(username: string, claims: Record<string, unknown> = {}): Promise<string> {
    const { token } = await auth.service.tokenAuth({ username, password: "any" });
    return forge({ ...decode(token, "payload"), ...claims }, { header: decode(token, "header") });
  }

  async function expectRefused(token: string): Promise<void> {
    const request = { headers: { authorization: `JWT ${token}` } };
    const error = await rejection(auth.context(request));
    expect(error).to.include({ code: "INVALID_TOKEN", message: "Invalid token" });
    const onServerError = () => expect.fail("the client is to blame");
    expect(await auth.errorResponse({ request, error, trpc: false, onServerError })).to.include({ status: 401 });
    expect(await rejection(auth.service.verifyToken({ token }))).to.include({ code: "INVALID_TOKEN" });
  }

  it("accepts a token that names a session of its user", async () => {
    const token = await tokenOf("alice");
    expect(await auth.service.identify(token)).to.have.property("user", USERS[0]);
    expect(await auth.service.verifyToken({ token })).to.have.nested.property("payload.username", "alice");
  });

  it("refuses a signed token that names a session of somebody else", async () => {
    const { sid } = decode(await tokenOf("bob"), "payload");
    await expectRefused(await tokenOf("alice", { sid }));
  });

  it("refuses a signed token that names a session that is not there, or none", async () => {
    for (const sid of ["unknown", undefined, 5]) await expectRefused(await tokenOf("alice", { sid }));
  });
});
