import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { Column, type DataSource, Entity, Index } from "typeorm";
import { migrate } from "../../src/database/migrate.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { DataSources } from "../database/open-data-source.js";
import { onEachDatabase } from "../support/databases.js";

/** As a host application extends the model: a table of its own, with more columns and another index. */
@Entity("my_refresh_token")
@Index(["device"])
class MyRefreshToken extends RefreshToken {
  @Column({ name: "device_name", type: "varchar", length: 64, default: "unknown" })
  device!: string;

  @Column({ type: "datetime", precision: 6, nullable: true })
  noticed!: Date | null;
}

/** The same table, with one more column. */
@Entity("refresh_token")
class LongerRefreshToken extends RefreshToken {
  @Column({ type: "int", default: 7 })
  extra!: number;
}

class Place {
  @Column({ type: "varchar", length: 64, nullable: true })
  city!: string | null;
}

/** The same table, with columns whose values are not what the database answers, and not all its own. */
@Entity("refresh_token")
class ConvertedRefreshToken extends RefreshToken {
  @Column({
    type: "int",
    default: 7,
    transformer: { to: (value: unknown) => value, from: (value) => `${value}th` },
  })
  extra!: string;

  @Column(() => Place)
  place!: Place;
}

const NOW = new Date("2026-01-01T12:00:00.123Z");
const CLIENT = { userAgent: "phone", address: "192.0.2.1" };

async function indexNames(dataSource: DataSource, table: string): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner();
  const indices = (await queryRunner.getTable(table))?.indices ?? [];
  await queryRunner.release();
  return indices.map(({ name }) => name ?? "").toSorted();
}

onEachDatabase("a class that extends RefreshToken", (createDatabase) => {
  const dataSources = new DataSources();
  afterEach(() => dataSources.close());

  it("has the values that TypeORM makes of its columns", async () => {
    const dataSource = await dataSources.connect(await createDatabase(), { entities: [ConvertedRefreshToken] });
    await dataSource.synchronize();
    const sessions = new TypeOrmRefreshTokens(dataSource, ConvertedRefreshToken);
    const hash = randomBytes(32);
    await sessions.create({ hash, user: "alice", created: NOW, ...CLIENT });
    await dataSource.getRepository(ConvertedRefreshToken).update({ hash }, { place: { city: "Zürich" } });
    const found = await sessions.findByHash(hash);
    expect(found).to.deep.equal(await dataSource.getRepository(ConvertedRefreshToken).findOneBy({ hash }));
    expect(found).to.deep.include({ extra: "7th", place: Object.assign(new Place(), { city: "Zürich" }) });
  });

  it("has a table of its own beside ours", async () => {
    const dataSource = await dataSources.connect(await createDatabase(), { entities: [RefreshToken, MyRefreshToken] });
    await dataSource.synchronize();
    const ours = ["created", "hash", "revoked", "user"];
    expect(await indexNames(dataSource, "refresh_token")).to.deep.equal(
      ours.map((name) => `refresh_token_${name}_idx`),
    );
    expect(await indexNames(dataSource, "my_refresh_token")).to.deep.equal(
      [...ours, "device_name"].toSorted().map((name) => `my_refresh_token_${name}_idx`),
    );

    const sessions = new TypeOrmRefreshTokens(dataSource, MyRefreshToken);
    const hash = randomBytes(32);
    const { id } = await sessions.create({ hash, user: "alice", created: NOW, ...CLIENT });
    expect(await sessions.rotate({ hash, generation: 0 }, NOW, CLIENT)).to.equal(true);
    await dataSource.getRepository(MyRefreshToken).update({ id }, { noticed: NOW });
    const found = await sessions.findByHash(hash);
    expect(found).to.be.instanceOf(MyRefreshToken);
    expect(found).to.deep.include({ id, generation: 1, device: "unknown", noticed: NOW });
    expect(await new TypeOrmRefreshTokens(dataSource).findByHash(hash)).to.equal(null);
    expect(await sessions.revoke(id, NOW)).to.equal(true);
    expect(await sessions.deleteEnded({}, 1)).to.have.property("deleted", 1);
  });

  it("adds its columns to our table after our migrations", async () => {
    const dataSource = await dataSources.connect(await createDatabase(), { entities: [LongerRefreshToken] });
    await migrate(dataSource);
    await dataSource.synchronize();
    const sessions = new TypeOrmRefreshTokens(dataSource, LongerRefreshToken);
    const hash = randomBytes(32);
    expect(await sessions.create({ hash, user: "alice", created: NOW, ...CLIENT })).to.have.property("extra", 7);
    expect(await sessions.findByHash(hash))
      .to.be.instanceOf(LongerRefreshToken)
      .with.property("extra", 7);
  });
});
