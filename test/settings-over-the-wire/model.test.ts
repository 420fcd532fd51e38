import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { DeleteDateColumn, Entity, PrimaryColumn } from "typeorm";

import { RefreshToken, SettingsError } from "../../src/index.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, withToken } from "../support/faces.js";
import { SqliteDatabases } from "../support/sqlite-databases.js";
import { TestContext, testContext } from "../support/test-context.js";
import { typeorm } from "../support/typeorm-cli.js";
import { DeviceSession, importString } from "./handlers.js";
import { FACES, outcomeOf, textOf, WireClient } from "./wire-client.js";

const LIBRARY = new URL("../../src/index.js", import.meta.url).href;
const HANDLERS = new URL("./handlers.js", import.meta.url).href;

/** The data source of an application, with its own model and its own migrations behind those of Janus. */
const DATA_SOURCE = `
import { readdir } from "node:fs/promises";
import { createDataSource, MIGRATIONS, User } from "${LIBRARY}";
import { DeviceSession } from "${HANDLERS}";

const folder = new URL("./migrations/", import.meta.url);
const files = await readdir(folder);
const modules = await Promise.all(files.map((file) => import(new URL(file, folder))));

export const dataSource = createDataSource({
  url: process.env.DATABASE_URL,
  entities: [User, DeviceSession],
  migrations: [...MIGRATIONS, ...modules.flatMap((module) => Object.values(module))],
});
`;

onEachDatabase("a refreshTokenModel with a column more and a table of its own", (createDatabase) => {
  const directory = temporaryDirectory();
  let databaseUrl = "";

  const run = (...args: string[]) => typeorm(args, join(directory.path(), "data-source.mjs"), databaseUrl);
  const migrations = () => join(directory.path(), "migrations");

  before("makes the table, with a migration that TypeORM generates", async function () {
    this.timeout(60_000);
    databaseUrl = await createDatabase();
    await mkdir(migrations());
    await directory.write("package.json", '{ "type": "module" }');
    await directory.write("data-source.mjs", DATA_SOURCE);
    for (const args of [
      ["migration:run"], // The tables of Janus, which the server would make as well.
      ["migration:generate", "--esm", "--outputJs", join(migrations(), "add-device-session")],
      ["migration:run"],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      expect(code, stdout + stderr).to.equal(0);
    }
  });

  const context = testContext(
    {
      JWT_PROFILE: "documented",
      JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
      JWT_REUSE_REFRESH_TOKENS: "true",
      JWT_VERIFY_SESSION: "true",
      JWT_REFRESH_TOKEN_MODEL: importString("DeviceSession"),
    },
    async () => databaseUrl,
  );

  const rowsOf = ({ username }: WireClient) =>
    context.server.application.dataSource.getRepository(DeviceSession).findBy({ user: username });

  async function count(table: string): Promise<number> {
    const { dataSource } = context.server.application;
    const [row] = await dataSource.query<{ amount: number }[]>(`SELECT COUNT(*) AS amount FROM ${table}`);
    return Number(row?.amount);
  }

  for (const face of FACES) {
    it(`keeps the sessions of logins, refreshes and logouts there, over ${face}`, async () => {
      const client = await WireClient.create(face, context);
      const { token, refreshToken } = await client.newSession();
      expect(await rowsOf(client)).to.have.length(1);
      expect((await rowsOf(client))[0]).to.include({ generation: 0, revoked: null, device: null });

      context.clock.advance(60);
      const next = await client.refresh(refreshToken);
      const [rotated] = await rowsOf(client);
      expect(rotated).to.include({ generation: 1, revoked: null });
      expect(rotated?.rotated).to.deep.equal(context.clock.now());
      expect(await client.whoIs(token)).to.equal("the user");

      const args = { refreshToken: textOf(next, "refreshToken") };
      expect(outcomeOf(await client.call("revokeToken", { args, fields: "revoked" }))).to.equal("done");
      expect((await rowsOf(client))[0]?.revoked).to.deep.equal(context.clock.now());
      expect(await client.whoIs(token)).to.equal("401 Invalid token");
      expect(await count("refresh_token")).to.equal(0);
    });
  }

  it("shows a user, and ends, no sessions of one whose name differs in case", async () => {
    for (const face of context.faces) {
      const chef = await context.login({ username: `chef-${face.name}` });
      const other = await context.login({ username: `Chef-${face.name}` });
      const [headers, others] = [withToken(chef.token), withToken(other.token)];
      expect(dataOf(await face.sessions({}, headers)).map(({ id }) => id)).to.deep.equal([chef.sid]);
      expect(await face.revokeOtherSessions(headers)).to.deep.equal({ data: { count: 0 } });
      expect(await face.revokeAllSessions({}, headers)).to.deep.equal({ data: { count: 1 } });
      expect(dataOf(await face.sessions({}, others)).map(({ id }) => id)).to.deep.equal([other.sid]);
    }
  });

  it("has a schema that its migration makes, and takes back", async function () {
    this.timeout(60_000);
    const { code, stdout } = await run("migration:generate", "--check", "unused");
    expect(stdout).to.include("No changes in database schema were found");
    expect(code).to.equal(0);
    expect((await run("migration:revert")).code).to.equal(0);
    const left = await count("device_session").catch((error: unknown) => error);
    expect(left).to.be.instanceOf(Error);
    expect(await count("janus_user")).to.be.greaterThan(0);
  });
});

describe("a refreshTokenModel that will not do", () => {
  const databases = new SqliteDatabases();
  before(() => databases.open());
  after(() => databases.close());

  class NoEntity extends RefreshToken {}

  @Entity("no_refresh_token")
  class NoRefreshToken {
    @PrimaryColumn({ type: "integer" })
    id!: number;
  }

  @Entity("soft_session")
  class SoftSession extends RefreshToken {
    @DeleteDateColumn({ type: "datetime", precision: 6 })
    deletedAt!: Date | null;
  }

  for (const [model, problem] of [
    [DeviceSession, "has no table device_session in the database: run the migration that makes it first"],
    [NoEntity, "is the class NoEntity, which is no entity of the data source"],
    [NoRefreshToken, "is the class NoRefreshToken, which does not extend RefreshToken"],
    [
      SoftSession,
      "is the class SoftSession, which has the column deletedAt for soft deletion: " +
        'a session ends when "revoked" is set, or its row deleted',
    ],
  ] as const) {
    it(`is refused at the start: ${model.name}`, async () => {
      const context = new TestContext({}, () => databases.create(), { refreshTokenModel: model });
      const error: unknown = await context.start().catch((reason: unknown) => reason);
      await context.stop();
      expect(error).to.be.instanceOf(SettingsError);
      expect((error as SettingsError).problems).to.deep.equal([{ setting: "refreshTokenModel", problem }]);
    });
  }
});
