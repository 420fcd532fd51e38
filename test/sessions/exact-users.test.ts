import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { type DataSource, Entity } from "typeorm";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { DataSources } from "../database/open-data-source.js";
import { onEachDatabase } from "../support/databases.js";
import { insertSessions } from "../support/insert-sessions.js";
import { planOf } from "../support/plan-of.js";

/** A table that TypeORM makes, with the collation of the database: on MySQL one that ignores case. */
@Entity("loose_refresh_token")
class LooseRefreshToken extends RefreshToken {}

const NOW = new Date("2026-01-01T12:00:00.123Z");
const LATER = new Date("2026-01-02T12:00:00.456Z");
const NAMES = ["ada", "Ada", "ADA", "ada ", "ada  ", "adá", "ａda", "Zoë 😀", "zoë 😀"];

onEachDatabase("sessions of users whose names a collation takes for one", (createDatabase) => {
  const dataSources = new DataSources();
  let dataSource: DataSource;
  before(async () => {
    dataSource = await dataSources.connect(await createDatabase(), { entities: [RefreshToken, LooseRefreshToken] });
    await dataSource.runMigrations();
    await dataSource.synchronize();
  });
  after(() => dataSources.close());

  for (const model of [RefreshToken, LooseRefreshToken]) {
    describe(`in the table of ${model.name}`, () => {
      let sessions: TypeOrmRefreshTokens;
      let idOf: ReadonlyMap<string, string>;
      beforeEach(async () => {
        sessions = new TypeOrmRefreshTokens(dataSource, model);
        await dataSource.getRepository(model).clear();
        const created = NAMES.map((user) => sessions.create({ ...newSession(), user }));
        idOf = new Map((await Promise.all(created)).map(({ id, user }) => [user, id]));
      });

      const newSession = () => ({ hash: randomBytes(32), created: NOW, userAgent: null, address: null });

      /** The users who have a session. */
      async function alive(): Promise<string[]> {
        const rows = await dataSource.getRepository(model).find();
        return rows.filter(({ revoked }) => revoked === null).map(({ user }) => user);
      }

      it("are listed for their user alone, whoever has used theirs since", async () => {
        for (const name of NAMES) {
          const found = await sessions.findUnrevoked(name, 1);
          expect(found.map(({ user }) => user)).to.deep.equal([name]);
          await sessions.touch({ id: idOf.get(name) ?? "" }, LATER, { userAgent: null, address: null });
        }
        expect(await sessions.findUnrevoked("aDa", 100)).to.deep.equal([]);
      });

      it("are ended by their user alone, all at once", async () => {
        for (const name of ["Ada", "ada ", "Zoë 😀"]) {
          expect(await sessions.revokeAll(name, LATER)).to.equal(1);
          expect(await sessions.revokeAll(name, LATER)).to.equal(0);
        }
        expect(await sessions.revokeAll("aDa", LATER)).to.equal(0);
        expect(await alive()).to.have.members(["ada", "ADA", "ada  ", "adá", "ａda", "zoë 😀"]);
      });

      it("are ended by their user alone, each by its exact id", async () => {
        const id = idOf.get("ada") ?? "";
        for (const name of [...NAMES.slice(1), "aDa"]) {
          expect(await sessions.revoke(id, LATER, name), name).to.equal(false);
        }
        expect(await sessions.revoke(id.toUpperCase(), LATER, "ada")).to.equal(false);
        expect(await alive()).to.have.members(NAMES);
        expect(await sessions.revoke(id, LATER, "ada")).to.equal(true);
        expect(await alive()).to.have.members(NAMES.slice(1));
      });
    });
  }

  it("are found through the index all the same", async () => {
    await insertSessions(dataSource, 1_000, { created: NOW, revoked: null });
    await dataSource.query("UPDATE refresh_token SET user = id");
    const isSqlite = dataSource.options.type === "better-sqlite3";
    const sessions = new TypeOrmRefreshTokens(dataSource);
    for (const ask of [() => sessions.findUnrevoked("ada", 100), () => sessions.revokeAll("ada", LATER)]) {
      const [plan] = await planOf(dataSource, ask);
      if (isSqlite) expect(plan?.["detail"]).to.match(/USING INDEX refresh_token_user_idx \(user=\?\)/);
      else expect(plan).to.include({ key: "refresh_token_user_idx" });
    }
  });
});
