import { inspect } from "node:util";
import { expect } from "chai";
import type { DataSource } from "typeorm";
import { BadUserInputError, ServiceUnavailableError } from "../../src/errors.js";
import { PasswordHasher } from "../../src/users/password-hasher.js";
import { TypeOrmUsers, UserExistsError } from "../../src/users/typeorm-users.js";
import { User } from "../../src/users/user.js";
import { DataSources } from "../database/open-data-source.js";
import { onEachDatabase } from "../support/databases.js";

const NOW = new Date("2026-01-01T12:00:00.123Z");
const LATER = new Date("2026-01-02T12:00:00.456Z");
const hasher = new PasswordHasher({ memoryCost: 64, timeCost: 1 });

onEachDatabase("TypeOrmUsers", (createDatabase) => {
  const dataSources = new DataSources();
  let dataSource: DataSource;
  let users: TypeOrmUsers;
  beforeEach(async () => {
    dataSource = await dataSources.migrated(await createDatabase());
    users = new TypeOrmUsers(dataSource, hasher);
  });
  afterEach(() => dataSources.close());

  /** The statements that run meanwhile. */
  async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
    const statements: string[] = [];
    const logger = dataSource.logger;
    dataSource.logger = { ...quiet, logQuery: (sql) => statements.push(sql) };
    await work().finally(() => (dataSource.logger = logger));
    return statements;
  }

  describe("create", () => {
    it("keeps a user with what it is given, and hands out everything but the hash", async () => {
      const created = await users.create(
        {
          username: "alice",
          password: "secret",
          email: "alice@example.com",
          isActive: false,
          isStaff: true,
          isSuperuser: true,
          roles: ["editor", "chef de cuisine, 名前"],
          permissions: ["recipes.edit"],
        },
        NOW,
      );
      expect(created.id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(created).to.deep.equal({
        id: created.id,
        username: "alice",
        email: "alice@example.com",
        isActive: false,
        isStaff: true,
        isSuperuser: true,
        roles: ["editor", "chef de cuisine, 名前"],
        permissions: ["recipes.edit"],
        tokensValidAfter: NOW,
        created: NOW,
      });
      expect(await users.findByNaturalKey("alice")).to.deep.equal(created);
    });

    it("shows the hash to nobody who logs, answers or copies an account", async () => {
      const account = await users.create({ username: "alice", password: "secret" }, NOW);
      const copy = { ...account };
      const shown = [inspect(account, { showHidden: true, depth: null }), JSON.stringify(account), inspect(copy)];
      for (const text of shown) expect(text).to.include("alice").and.not.include("$argon2");
      expect(await users.checkPassword(account, "secret")).to.equal(true);
      expect(await users.checkPassword(copy, "secret")).to.equal(false);
    });

    it("gives an ordinary user no rights", async () => {
      const created = await users.create({ username: "alice", password: "secret" }, NOW);
      const rights = { isStaff: false, isSuperuser: false, roles: [], permissions: [] };
      expect(created).to.deep.include({ isActive: true, email: null, ...rights });
    });

    it("refuses what is not acceptable, and keeps nothing of it", async () => {
      const error = await users.create({ username: "a b", password: "" }, NOW).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(BadUserInputError);
      expect(await users.isEmpty()).to.equal(true);
    });

    it("refuses a second user of the same name or e-mail address, also at the same time", async () => {
      const alice = { username: "alice", password: "secret", email: "alice@example.com" };
      const results = await Promise.allSettled([users.create(alice, NOW), users.create(alice, NOW)]);
      expect(results.map(({ status }) => status)).to.have.members(["fulfilled", "rejected"]);
      for (const user of [
        { ...alice, email: null },
        { ...alice, username: "ａｌｉｃｅ", email: null },
        { ...alice, username: "bob" },
      ]) {
        const error = await users.create(user, NOW).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(UserExistsError);
        expect(error).to.have.property("message", "A user with this username or e-mail address already exists");
      }
      expect(await users.count()).to.equal(1);
    });

    it("tells names apart that differ in case or accents, and users without an e-mail address", async () => {
      for (const username of ["alice", "Alice", "álice"]) await users.create({ username, password: "secret" }, NOW);
      expect(await users.count()).to.equal(3);
      expect(await users.findByNaturalKey("Alice")).to.have.property("username", "Alice");
    });
  });

  describe("findByNaturalKey", () => {
    beforeEach(async () => {
      await users.create({ username: "alice", password: "secret", email: "Alice@example.com" }, NOW);
      await users.create({ username: "Ｂob", password: "secret" }, NOW);
    });

    it("finds nobody for what is not exactly a name", async () => {
      const names = ["", "Alice", "ALICE", "álice", "alice ", " alice", "alice\u0000", "ali%", "\ud83d", "' OR 1=1 --"];
      for (const name of [...names, "a".repeat(5000)]) expect(await users.findByNaturalKey(name), name).to.equal(null);
    });

    it("finds a name in each of its spellings (NFKC)", async () => {
      for (const name of ["alice", "ａlice", "Bob", "Ｂob"]) {
        expect(await users.findByNaturalKey(name)).to.have.property("username", name.normalize("NFKC"));
      }
    });

    it("compares exactly where the column does not", async function () {
      if (dataSource.options.type === "better-sqlite3") {
        await dataSource.query("DROP INDEX janus_user_username_idx");
        await dataSource.query("ALTER TABLE janus_user DROP COLUMN username");
        await dataSource.query("ALTER TABLE janus_user ADD COLUMN username varchar(150) COLLATE NOCASE");
        await dataSource.query("UPDATE janus_user SET username = 'alice' WHERE email IS NOT NULL");
      } else {
        await dataSource.query(
          "ALTER TABLE janus_user MODIFY username varchar(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL",
        );
      }
      const found = await dataSource.query("SELECT email FROM janus_user WHERE username = 'ALICE'");
      expect(found).to.deep.equal([{ email: "Alice@example.com" }]);
      expect(await users.findByNaturalKey("ALICE")).to.equal(null);
      expect(await users.findByNaturalKey("alice")).to.have.property("email", "Alice@example.com");
    });

    it("finds inactive users too", async () => {
      await dataSource.getRepository(User).update({ username: "alice" }, { isActive: false });
      expect(await users.findByNaturalKey("alice")).to.have.property("isActive", false);
    });

    it("finds by e-mail address, exactly as it is stored", async () => {
      const byEmail = new TypeOrmUsers(dataSource, hasher, { naturalKey: "email" });
      expect(await byEmail.findByNaturalKey("Alice@example.com")).to.have.property("username", "alice");
      expect(await byEmail.findByNaturalKey("alice@example.com")).to.equal(null);
      expect(await byEmail.findByNaturalKey("alice")).to.equal(null);
      expect(await byEmail.findByNaturalKey("")).to.equal(null);
      // NFKC would make another address of it.
      const email = "\ufb01n@example.com";
      await users.create({ username: "fin", password: "secret", email }, NOW);
      expect(await byEmail.findByNaturalKey(email)).to.have.property("username", "fin");
      expect(await byEmail.findByNaturalKey("fin@example.com")).to.equal(null);
    });

    it("asks once for all lookups of one turn", async () => {
      const statements = await statementsOf(async () => {
        const found = await Promise.all(
          ["alice", "Bob", "alice", "nobody"].map((name) => users.findByNaturalKey(name)),
        );
        expect(found.map((user) => user?.username)).to.deep.equal(["alice", "Bob", "alice", undefined]);
      });
      expect(statements).to.have.length(1);
      expect(statements[0]).to.match(/ WHERE own\..username. IN \(\?, \?, \?, \?\)$/); // Three keys, as one of few texts.
    });

    it("tells everyone who waits when the database is gone", async () => {
      await dataSource.destroy();
      const results = await Promise.allSettled(["alice", "Bob"].map((name) => users.findByNaturalKey(name)));
      for (const result of results) {
        expect(result).to.have.property("status", "rejected");
        expect(result).to.have.property("reason").that.is.instanceOf(ServiceUnavailableError);
      }
    });
  });

  describe("checkPassword", () => {
    it("knows the password of a user that it handed out, and of nobody else", async () => {
      const created = await users.create({ username: "alice", password: "secret" }, NOW);
      const found = await users.findByNaturalKey("alice");
      expect(await users.checkPassword(created, "secret")).to.equal(true);
      expect(await users.checkPassword(found, "secret")).to.equal(true);
      expect(await users.checkPassword(found, "Secret")).to.equal(false);
      expect(await users.checkPassword(found, "")).to.equal(false);
      expect(await users.checkPassword(null, "secret")).to.equal(false);
      expect(await users.checkPassword({ ...created }, "secret")).to.equal(false);
    });

    it("asks the database nothing, so that nobody's existence shows in the time", async () => {
      const alice = await users.create({ username: "alice", password: "secret" }, NOW);
      const check = () => Promise.all([users.checkPassword(alice, "secret"), users.checkPassword(null, "secret")]);
      expect(await statementsOf(check)).to.deep.equal([]);
    });
  });

  describe("setPassword", () => {
    it("replaces the password, and refuses the tokens from before", async () => {
      const alice = await users.create({ username: "alice", password: "secret" }, NOW);
      const bob = await users.create({ username: "bob", password: "secret" }, NOW);
      expect(await users.setPassword(alice, "changed", LATER)).to.equal(true);
      const found = await users.findByNaturalKey("alice");
      expect(found).to.deep.include({ id: alice.id, tokensValidAfter: LATER, created: NOW });
      expect(await users.checkPassword(found, "changed")).to.equal(true);
      expect(await users.checkPassword(found, "secret")).to.equal(false);
      expect(await users.findByNaturalKey("bob")).to.deep.equal(bob);
    });

    it("takes the time of a clock when the password is hashed", async () => {
      const alice = await users.create({ username: "alice", password: "secret" }, NOW);
      const clock = { now: () => expect.fail("too early") };
      const changed = users.setPassword(alice, "changed", NOW, clock);
      Object.assign(clock, { now: () => LATER });
      expect(await changed).to.equal(true);
      expect(await users.findByNaturalKey("alice")).to.deep.include({ tokensValidAfter: LATER });
    });

    it("changes nothing for an account whose password is another by now, nor for a copy of one", async () => {
      const alice = await users.create({ username: "alice", password: "secret" }, NOW);
      expect(await users.setPassword({ ...alice }, "of a copy", LATER)).to.equal(false);
      expect(await users.setPassword(alice, "changed", NOW)).to.equal(true);
      expect(await users.setPassword(alice, "changed again", LATER)).to.equal(false);
      const found = await users.findByNaturalKey("alice");
      expect(found).to.have.deep.property("tokensValidAfter", NOW);
      expect(await users.checkPassword(found, "changed")).to.equal(true);
    });

    it("says when there is no such user, and refuses an empty password", async () => {
      const unknown = { ...(await users.create({ username: "alice", password: "secret" }, NOW)), id: "unknown" };
      expect(await users.setPassword(unknown, "changed", LATER)).to.equal(false);
      const error = await users.setPassword(unknown, "", LATER).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(BadUserInputError).with.property("message", "The password must not be empty");
    });
  });

  describe("resetPassword", () => {
    const clock = { now: () => LATER };

    it("replaces the password whatever it is by now, and refuses the tokens from before", async () => {
      const alice = await users.create({ username: "alice", password: "secret" }, NOW);
      await users.setPassword(alice, "changed", NOW);
      expect(await users.resetPassword(alice, "reset", clock)).to.equal(true);
      const found = await users.findByNaturalKey("alice");
      expect(found).to.have.deep.property("tokensValidAfter", LATER);
      expect(await users.checkPassword(found, "reset")).to.equal(true);
    });

    it("says when there is no such user, and refuses an empty password", async () => {
      const unknown = { ...(await users.create({ username: "alice", password: "secret" }, NOW)), id: "unknown" };
      expect(await users.resetPassword(unknown, "reset", clock)).to.equal(false);
      const error = await users.resetPassword(unknown, "", clock).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(BadUserInputError).with.property("message", "The password must not be empty");
    });
  });

  it("count and isEmpty say how many there are", async () => {
    expect([await users.count(), await users.isEmpty()]).to.deep.equal([0, true]);
    await users.create({ username: "alice", password: "secret" }, NOW);
    expect([await users.count(), await users.isEmpty()]).to.deep.equal([1, false]);
  });
});

const quiet = { logQueryError() {}, logQuerySlow() {}, logSchemaBuild() {}, logMigration() {}, log() {} };
