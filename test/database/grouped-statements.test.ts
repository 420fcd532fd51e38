import { expect } from "chai";
import { GroupedStatements } from "../../src/database/grouped-statements.js";
import { SqliteDatabases } from "../support/sqlite-databases.js";
import { rejection } from "../support/rejection.js";
import { DataSources } from "./open-data-source.js";

describe("GroupedStatements", () => {
  const databases = new SqliteDatabases();
  const dataSources = new DataSources();
  before(() => databases.open());
  afterEach(() => dataSources.close());
  after(() => databases.close());

  /** A table of numbers, and what another connection sees of it. */
  async function start() {
    const url = await databases.create();
    const [dataSource, other] = [await dataSources.connect(url), await dataSources.connect(url)];
    await dataSource.query("CREATE TABLE number (n integer PRIMARY KEY)");
    const add = (statements: GroupedStatements, n: number) =>
      statements.query<{ n: number }>("INSERT INTO number (n) VALUES (?) RETURNING n", [n]);
    const numbers = async () =>
      (await other.query<{ n: number }[]>("SELECT n FROM number ORDER BY n")).map(({ n }) => n);
    return { statements: new GroupedStatements(dataSource), dataSource, add, numbers };
  }

  it("answers each what is its own", async () => {
    const { statements, add, numbers } = await start();
    const answers = await Promise.all([3, 1, 2].map((n) => add(statements, n)));
    expect(answers).to.deep.equal([[{ n: 3 }], [{ n: 1 }], [{ n: 2 }]]);
    await add(statements, 4);
    expect(await numbers()).to.deep.equal([1, 2, 3, 4]);
  });

  it("commits what was asked for in one turn together: nothing of it where something goes wrong", async () => {
    const { statements, add, numbers } = await start();
    const answers = await Promise.allSettled([1, 1, 2].map((n) => add(statements, n)));
    expect(answers.map(({ status }) => status)).to.deep.equal(["rejected", "rejected", "rejected"]);
    expect(await rejection(statements.query("SELECT nothing FROM nowhere", []))).to.have.property(
      "code",
      "SQLITE_ERROR",
    );
    expect(await numbers()).to.deep.equal([]);
    await add(statements, 5);
    expect(await numbers()).to.deep.equal([5]);
  });

  it("rejects once the database is closed", async () => {
    const { statements, dataSource, add } = await start();
    await dataSource.destroy();
    expect(await rejection(add(statements, 1))).to.be.instanceOf(TypeError);
  });
});
