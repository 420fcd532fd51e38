import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { DataSources } from "./open-data-source.js";

const CLI = createRequire(import.meta.url).resolve("typeorm/cli.js");
const ORMCONFIG = fileURLToPath(new URL("../../ormconfig.js", import.meta.url));

/** Runs `typeorm migration:generate --check`, as a developer does after changing an entity. */
function checkSchema(url: string): Promise<{ exitCode: unknown; output: string }> {
  const command = [CLI, "migration:generate", "--check", "-d", ORMCONFIG, "unused"];
  const env = { ...process.env, DATABASE_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

onEachDatabase("the schema", (createDatabase) => {
  const dataSources = new DataSources();
  after(() => dataSources.close());

  it("that the migrations make is the one that the entities describe", async function () {
    this.timeout(20_000);
    const url = await createDatabase();
    await dataSources.migrated(url);
    const { exitCode, output } = await checkSchema(url);
    expect(output).to.include("No changes in database schema were found");
    expect(exitCode).to.equal(0);
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
    const { exitCode, output } = await checkSchema(url);
    expect(output).to.include("Unexpected changes in database schema were found in check mode");
    expect(output).to.match(/CREATE INDEX .*refresh_token_user_idx/);
    expect(exitCode).to.equal(1);
  });
});
