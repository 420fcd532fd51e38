import { expect } from "chai";
import { EntityTable } from "../../src/database/entity-table.js";
import { JoinedLookup } from "../../src/server/joined-lookup.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { onEachDatabase } from "../support/databases.js";
import { insertSessions } from "../support/insert-sessions.js";
import { planOf } from "../support/plan-of.js";
import { testContext } from "../support/test-context.js";

onEachDatabase("the look at a user who has very many sessions", (createDatabase) => {
  const context = testContext({}, createDatabase);

  it("finds sessions by their key, not by reading all of the user's", async () => {
    const { dataSource, users } = context.server.application;
    const { username } = await context.login();
    await insertSessions(dataSource, 3_000, { created: new Date(), revoked: null, user: username });
    // Most users have one: by its statistics the database then takes the index of users for a good one.
    await insertSessions(dataSource, 6_000, { created: new Date(), revoked: null });
    await dataSource.query("UPDATE refresh_token SET user = id WHERE user = 'somebody'");
    const isSqlite = dataSource.options.type === "better-sqlite3";
    await dataSource.query(isSqlite ? "ANALYZE" : "ANALYZE TABLE refresh_token");
    const sessions = await dataSource.getRepository(RefreshToken).find({ where: { user: username }, take: 40 });

    const lookup = new JoinedLookup(users, new EntityTable(dataSource, RefreshToken));
    const plan = await planOf(dataSource, () => Promise.all(sessions.map(({ id }) => lookup.find(username, id))));
    if (isSqlite) {
      const details = plan.map(({ detail }) => String(detail)).filter((detail) => / other /.test(detail));
      expect(details.join()).to.match(/USING .*INDEX sqlite_autoindex_refresh_token_1 \(id=\?\)/);
    } else {
      expect(plan.find(({ table }) => table === "other")).to.include({ type: "range", key: "PRIMARY" });
    }
  });

  it("finds the sessions of refresh tokens by their hash, and the user of each by the name", async () => {
    const { dataSource, users } = context.server.application;
    const isSqlite = dataSource.options.type === "better-sqlite3";
    const sessions = await dataSource.getRepository(RefreshToken).find({ take: 40 });
    // A table of two users is read faster than an index.
    for (let user = 0; user < 30; user += 1) await context.createUser();
    await dataSource.query(isSqlite ? "ANALYZE" : "ANALYZE TABLE janus_user");
    const lookup = new JoinedLookup(users, new EntityTable(dataSource, RefreshToken));
    const plan = await planOf(dataSource, () => Promise.all(sessions.map(({ hash }) => lookup.findByHash(hash))));
    if (isSqlite) {
      const details = plan.map(({ detail }) => String(detail)).join();
      expect(details).to.match(/SEARCH own USING INDEX \S+ \(hash=\?\)/);
      expect(details).to.match(/SEARCH other USING INDEX \S+ \(username=\?\)/);
    } else {
      expect(plan.find(({ table }) => table === "own")).to.include({ type: "range" });
      expect(plan.find(({ table }) => table === "other")).to.include({ type: "eq_ref" });
    }
  });
});
