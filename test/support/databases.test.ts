import { expect } from "chai";
import { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/data-source.js";
import { onEachDatabase } from "./databases.js";

async function connect(url: string): Promise<DataSource> {
  const [type] = url.split(":");
  if (type === "sqlite") return createDataSource({ url, entities: [] }).initialize();
  return new DataSource({ type: type === "mariadb" ? "mariadb" : "mysql", url }).initialize();
}

onEachDatabase("onEachDatabase", (createDatabase) => {
  it("makes databases that are separate from each other", async () => {
    const [first, second] = await Promise.all([createDatabase().then(connect), createDatabase().then(connect)]);
    try {
      await first.query("CREATE TABLE t (name varchar(20))");
      await second.query("CREATE TABLE t (name varchar(20))");
      await first.query("INSERT INTO t VALUES ('Zoë')");
      expect(await first.query("SELECT name FROM t")).to.deep.equal([{ name: "Zoë" }]);
      expect(await second.query("SELECT name FROM t")).to.deep.equal([]);
    } finally {
      await Promise.all([first.destroy(), second.destroy()]);
    }
  });
});
