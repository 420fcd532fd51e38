import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { typeorm } from "../support/typeorm-cli.js";
import { DataSources } from "./open-data-source.js";

const ORMCONFIG = fileURLToPath(new URL("../../ormconfig.js", import.meta.url));

const checkSchema = (url: string) => typeorm(["migration:generate", "--check", "unused"], ORMCONFIG, url);

onEachDatabase("the schema", (createDatabase) => {
  const dataSources = new DataSources();
  after(() => dataSources.close());

  it("that the migrations make is the one that the entities describe", async function () {
    this.timeout(20_000);
    const url = await createDatabase();
    await dataSources.migrated(url);
    const { code, stdout } = await checkSchema(url);
    expect(stdout).to.include("No changes in database schema were found");
    expect(code).to.equal(0);
  });

  it("is made, taken back and made again by TypeORM's command line", async function () {
    this.timeout(60_000);
    const url = await createDatabase();
    const tables = async () => {
      const queryRunner = (await dataSources.connect(url)).createQueryRunner();
      const found = await Promise.all(
        ["refresh_token", "janus_user", "login_attempt"].map((name) => queryRunner.hasTable(name)),
      );
      await queryRunner.release();
      return found;
    };
    for (const [command, expected] of [
      ["migration:run", [true, true, true]],
      ["migration:revert", [true, true, true]], // Columns alone.
      ["migration:revert", [true, true, false]],
      ["migration:revert", [true, false, false]],
      ["migration:revert", [false, false, false]],
      ["migration:run", [true, true, true]],
    ] as const) {
      const { code, stdout, stderr } = await typeorm([command], ORMCONFIG, url);
      expect(code, stdout + stderr).to.equal(0);
      expect(await tables()).to.deep.equal(expected);
    }
  });

  it("is found to differ where it does", async function () {
    this.timeout(20_000);
    const url = await createDatabase();
    const dataSource = await dataSources.migrated(url);
    await dataSource.query(
      dataSource.options.type === "better-sqlite3"
        ? "DROP INDEX refresh_token_user_idx"
        : "DROP INDEX refresh_token_user_idx ON refresh_token",
    );
    const { code, stdout } = await checkSchema(url);
    expect(stdout).to.include("Unexpected changes in database schema were found in check mode");
    expect(stdout).to.match(/CREATE INDEX .*refresh_token_user_idx/);
    expect(code).to.equal(1);
  });
});
