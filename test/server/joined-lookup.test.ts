import { expect } from "chai";
import type { KeptIdentity, KeptSession } from "../../src/auth/identity-lookup.js";
import { EntityTable } from "../../src/database/entity-table.js";
import { JoinedLookup } from "../../src/server/joined-lookup.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import type { UserAccount } from "../../src/users/user-account.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, withToken } from "../support/faces.js";
import { statementsDuring } from "../support/statements.js";
import { testContext } from "../support/test-context.js";

onEachDatabase("the look at user and session, with verifySession", (createDatabase) => {
  const context = testContext({}, createDatabase);

  function statements(happen: () => Promise<unknown>): Promise<string[]> {
    return statementsDuring(context.server.application.dataSource, happen);
  }

  /** A token of the hardened profile as another holder of the key would sign it. */
  function signed(payload: Readonly<Record<string, unknown>>): string {
    return context.token(payload, { header: { alg: "HS256", typ: "at+jwt" } });
  }

  for (const face of context.faces) {
    it(`is one statement for an authenticated request, over ${face.name}`, async () => {
      const { token, username } = await context.login();
      const sent = await statements(async () => {
        expect(dataOf(await face.me(withToken(token)))?.username).to.equal(username);
      });
      expect(sent).to.have.length(1);
      expect(sent[0]).to.match(/^SELECT .* LEFT JOIN /);
    });

    it(`asks nothing for a token that names no session, over ${face.name}`, async () => {
      const { username } = await context.login();
      const sent = await statements(async () => {
        for (const sid of [undefined, null, 1, ["x"]]) {
          expect(await face.me(withToken(signed({ username, sid })))).to.include({ message: "Invalid token" });
        }
      });
      expect(sent).to.deep.equal([]);
    });
  }

  it("is one statement for all lookups of one turn, and tells each its own", async () => {
    const { dataSource, users } = context.server.application;
    const lookup = new JoinedLookup(users, new EntityTable(dataSource, RefreshToken));
    const [alice, bob] = [await context.login(), await context.login()];
    const second = String((await context.loginAgain(alice.username)).payload["sid"]);
    await context.trpc.revokeToken({ refreshToken: bob.refreshToken });

    const asked = [
      [alice.username, alice.sid],
      [alice.username, second],
      [bob.username, bob.sid],
      ["nobody", alice.sid],
      [bob.username, alice.sid],
      [alice.username, "no such session"],
      [alice.username, alice.sid],
    ] as const;
    let found: KeptIdentity<UserAccount>[] = [];
    const sent = await statements(async () => {
      found = await Promise.all(asked.map(([naturalKey, sid]) => lookup.find(naturalKey, String(sid))));
    });
    expect(sent).to.have.length(1);
    expect(
      found.map(({ user, session }) => [user?.username, session?.user, session && session.revoked !== null]),
    ).to.deep.equal([
      [alice.username, alice.username, false],
      [alice.username, alice.username, false],
      [bob.username, bob.username, true],
      [undefined, undefined, null],
      [bob.username, undefined, null],
      [alice.username, undefined, null],
      [alice.username, alice.username, false],
    ]);
  });

  it("is one statement for all refresh tokens of one turn, and tells each its own session and user", async () => {
    const { dataSource, users, refreshTokens } = context.server.application;
    const lookup = new JoinedLookup(users, new EntityTable(dataSource, RefreshToken));
    const [alice, bob, gone] = [await context.login(), await context.login(), await context.login()];
    await context.trpc.revokeToken({ refreshToken: bob.refreshToken });
    await context.deleteUser(gone.username);
    const sids = [alice, bob, gone, alice].map(({ sid }) => String(sid));
    const sessions = await Promise.all(sids.map((sid) => refreshTokens.findById(sid)));
    const hashes = [...sessions.map((session) => session?.hash ?? Buffer.alloc(0)), Buffer.alloc(32)];
    let found: (KeptSession<UserAccount> | null)[] = [];
    const sent = await statements(async () => {
      found = await Promise.all(hashes.map((hash) => lookup.findByHash(hash)));
    });
    expect(sent).to.have.length(1);
    expect(found.map((kept) => kept && kept.session)).to.deep.equal([...sessions, null]);
    expect(found[1]?.session.revoked).to.be.instanceOf(Date);
    const usernames = found.map((kept) => kept?.user && kept.user.username);
    expect(usernames).to.deep.equal([alice.username, bob.username, null, alice.username, undefined]);
  });

  it("refreshes for nobody whose name only the database takes for a user's", async () => {
    const { refreshToken, sid, username } = await context.login();
    const { dataSource, users } = context.server.application;
    const rows = dataSource.getRepository(RefreshToken);
    for (const user of [username.toUpperCase(), `${username} `]) {
      await rows.update({ id: String(sid) }, { user });
      const { hash } = await rows.findOneByOrFail({ id: String(sid) });
      const lookup = new JoinedLookup(users, new EntityTable(dataSource, RefreshToken));
      expect((await lookup.findByHash(hash))?.user).to.equal(null);
      for (const face of context.faces) {
        expect(await face.refreshToken({ refreshToken })).to.include({ code: "INVALID_REFRESH_TOKEN" });
      }
    }
  });

  it("leaves a request anonymous whose user is gone", async () => {
    const { token, username } = await context.login();
    await context.deleteUser(username);
    expect(await context.trpc.me(withToken(token))).to.deep.equal({ data: null });
  });

  it("refuses a genuine token for somebody else's live session", async () => {
    const [alice, mallory] = [await context.login(), await context.login()];
    const token = signed({ username: alice.username, sid: mallory.sid });
    expect(await context.graphql.me(withToken(token))).to.include({ message: "Invalid token", status: 401 });
    const own = signed({ username: alice.username, sid: alice.sid });
    expect(await context.graphql.me(withToken(own))).to.have.property("data");
    for (const face of context.faces) {
      expect(await face.verifyToken({ token })).to.include({ code: "INVALID_TOKEN", message: "Invalid token" });
      expect(await face.verifyToken({ token: own })).to.have.property("data");
    }
  });

  it("verifies no token of a user who is gone", async () => {
    const { token, username } = await context.login();
    await context.deleteUser(username);
    for (const face of context.faces) {
      expect(await face.verifyToken({ token })).to.include({ code: "INVALID_TOKEN", message: "Invalid token" });
    }
  });

  it("knows a user by every spelling of the name, and by the session's exact id alone", async () => {
    const { sid } = await context.login({ username: "ﬁona" }); // The ligature; kept as its two letters.
    for (const username of ["ﬁona", "fiona"]) {
      expect(dataOf(await context.trpc.me(withToken(signed({ username, sid }))))?.username).to.equal("fiona");
    }
    for (const id of [String(sid).toUpperCase(), `${String(sid)} `]) {
      const token = signed({ username: "fiona", sid: id });
      expect(await context.trpc.me(withToken(token))).to.include({ message: "Invalid token" });
    }
  });
});

onEachDatabase("the look at user and session, where users are known by their e-mail address", (createDatabase) => {
  const context = testContext({ JWT_USERNAME_FIELD: "email" }, createDatabase);

  it("joins by the address", async () => {
    const email = "alice@example.com";
    await context.createUser({ username: "alice", email });
    const { token, refreshToken } = await context.loginAgain(email);
    const { dataSource } = context.server.application;
    const sent = await statementsDuring(dataSource, async () => {
      expect(dataOf(await context.trpc.me(withToken(token)))?.username).to.equal("alice");
    });
    expect(sent).to.have.length(1);
    const refreshed = await statementsDuring(dataSource, async () => {
      expect(dataOf(await context.trpc.refreshToken({ refreshToken }))).to.have.property("token");
    });
    expect(refreshed.map((sql) => sql.split(" ")[0])).to.deep.equal(["SELECT", "UPDATE"]);
  });
});
