import { expect } from "chai";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { migrate, pendingMigrations } from "../../src/database/migrate.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { User } from "../../src/users/user.js";
import { DataSources } from "../database/open-data-source.js";
import { createUsers } from "../support/create-users.js";
import { GaleraCluster } from "../support/galera-cluster.js";
import { Load } from "../support/load.js";
import { type Attempt, LoadClient, send, type Tokens } from "../support/load-client.js";
import { orSkip } from "../support/or-skip.js";
import { RestartableServer } from "../support/restartable-server.js";
import { PASSWORD } from "../support/test-context.js";
import { until } from "../support/until.js";

const USERS = Array.from({ length: 12 }, (_, index) => `user-${index}`);
const CLIENTS = 60;
const TOKENS = 200;

/** Longer than a node that is killed keeps the others waiting. */
const GRACE = "60";

describe("three servers on a cluster of three nodes", () => {
  const dataSources = new DataSources();
  let cluster: GaleraCluster | undefined;
  let urls: string[] = [];
  let servers: RestartableServer[] = [];
  const addresses = () => servers.map(({ url }) => url);
  before(
    orSkip(async () => {
      cluster = await GaleraCluster.start();
      urls = await cluster.createDatabase("janus");
    }),
  );
  after(async () => {
    await dataSources.close();
    await Promise.all(servers.map((server) => server.remove()));
    await cluster?.remove();
  });

  it("migrate together, on a node each", async function () {
    this.timeout(120_000);
    for (const round of [1, 2, 3]) {
      const together = (await cluster?.createDatabase(`together_${round}`)) ?? [];
      const open = await Promise.all(together.map((url) => dataSources.connect(url)));
      const applied = await Promise.all(open.map((dataSource) => migrate(dataSource)));
      expect(new Set(applied.flat()).size).to.equal(applied.flat().length); // none was run twice
      for (const dataSource of open) {
        expect(await pendingMigrations(dataSource)).to.deep.equal([]);
        expect(await dataSource.getRepository(User).count()).to.equal(0);
        expect(await dataSource.getRepository(RefreshToken).count()).to.equal(0);
      }
    }
    await dataSources.close();
  });

  it("start together on an empty database, and make one first user", async function () {
    this.timeout(120_000);
    servers = await Promise.all(
      urls.map((DATABASE_URL) => RestartableServer.start({ DATABASE_URL, JWT_REFRESH_GRACE_PERIOD: GRACE })),
    );
    const dataSource = await dataSources.connect(urls[0] ?? "");
    const rows = dataSource.getRepository(User);
    await until(async () => (await rows.count()) > 0); // a server listens before it makes one
    const users = await rows.find();
    expect(users.map(({ username }) => username)).to.deep.equal(["admin"]);
    await createUsers(urls[0] ?? "", USERS);
  });

  it("know at once what another one has done: login on A, refresh on B, revoke on C", async function () {
    this.timeout(120_000);
    const [a = "", b = "", c = ""] = addresses();
    for (let round = 0; round < 50; round++) {
      const face = round % 2 === 0 ? "graphql" : "trpc";
      const first = dataOf(await send<Tokens>(face, a, "tokenAuth", { username: "user-0", password: PASSWORD }));
      const { refreshToken } = dataOf(
        await send<Tokens>(face, b, "refreshToken", { refreshToken: first.refreshToken }),
      );
      dataOf(await send(face, c, "revokeToken", { refreshToken }));
      expect(await send(face, a, "refreshToken", { refreshToken }))
        .to.have.property("refused")
        .that.includes("Invalid refresh token");
    }
  });

  it(`give each of ${TOKENS} tokens one successor, whoever of ${CLIENTS} clients asks`, async function () {
    this.timeout(240_000);
    const clients = Array.from({ length: CLIENTS }, (_, index) => new LoadClient(addresses(), "user-1", index));
    const [first] = clients;
    const started = performance.now();
    for (let token = 0; token < TOKENS; token++) {
      await first?.login();
      const held = first?.held;
      await Promise.all(clients.map((client) => refreshShared(client, held)));
      expect(new Set(clients.map((client) => client.held?.refreshToken)).size).to.equal(1);
    }
    const unavailable = clients.reduce((sum, client) => sum + client.unavailable, 0);
    const figures = {
      clients: CLIENTS,
      tokens: TOKENS,
      unavailable,
      longest: longestOf(clients),
      seconds: seconds(started),
    };
    console.log(`      race: ${JSON.stringify(figures)}`);
    const dataSource = await dataSources.connect(urls[2] ?? "");
    const rows = dataSource.getRepository(RefreshToken);
    expect(await rows.countBy({ user: "user-1", generation: 1 })).to.equal(TOKENS);
    expect(await rows.countBy({ user: "user-1" })).to.equal(TOKENS);
    expect(unavailable).to.equal(0);
  });

  it("go on when a node is killed and when it comes back", async function () {
    this.timeout(180_000);
    const node = cluster?.nodes[1];
    const load = new Load(addresses(), USERS);
    const races = [2, 3, 4].map((user) => new SharedSession(addresses(), `user-${user}`));
    const ends = races.map((race) => race.run());
    await load.advance(5);
    await node?.kill();
    await load.advance(5);
    await node?.start();
    await load.advance(5);
    const figures = await load.end();
    for (const race of races) race.stop();
    await Promise.all(ends);
    const retries = [...load.clients, ...races.flatMap((race) => race.clients)].reduce(
      (sum, { unavailable, lost }) => sum + unavailable + lost,
      0,
    );
    const winners = races.reduce((sum, race) => sum + race.successors, 0);
    console.log(
      `      a node killed: ${JSON.stringify({ ...figures, winners, retries, racing: longestOf(races.flatMap((race) => race.clients)) })}`,
    );
    expect(winners).to.be.above(0);
    expect(servers.map((server) => server.isRunning)).to.deep.equal([true, true, true]);
  });

  it("leave a node that refuses everything, without a client's noticing", async function () {
    this.timeout(120_000);
    const load = new Load(addresses(), USERS);
    await load.advance(3);
    await onNode(0, "SET GLOBAL wsrep_reject_queries = ALL"); // 1047, as a joining node answers
    await load.advance(5);
    await onNode(0, "SET GLOBAL wsrep_reject_queries = NONE");
    const figures = await load.end();
    console.log(`      a node refuses: ${JSON.stringify(figures)}`);
    expect(figures).to.include({ unavailable: 0, lost: 0 });
  });

  it("answer 503 while the cluster has no quorum, and go on when it has", async function () {
    this.timeout(180_000);
    const [, second, third] = cluster?.nodes ?? [];
    const load = new Load(addresses(), USERS);
    await load.advance(3);
    await Promise.all([second?.kill(), third?.kill()]);
    const status = async () => (await onNode(0, "SHOW STATUS LIKE 'wsrep_cluster_status'"))[0]?.["Value"];
    await until(async () => (await status()) === "non-Primary");
    await load.outage();
    await onNode(0, "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'"); // as an operator does it
    await load.advance(5);
    await second?.start();
    await third?.start();
    const figures = await load.end();
    console.log(`      no quorum: ${JSON.stringify(figures)}`);
    expect(figures.lost).to.equal(0);
  });

  async function onNode(index: number, statement: string): Promise<RowDataPacket[]> {
    const port = cluster?.nodes[index]?.port ?? 0;
    const connection = await createConnection({ host: "127.0.0.1", port, user: "root" });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(statement);
      return rows;
    } finally {
      connection.destroy();
    }
  }
});

/** Clients that share a session and refresh it at the same moment, on different servers, again and again. */
class SharedSession {
  readonly clients: readonly LoadClient[];
  successors = 0;
  #isStopped = false;

  constructor(servers: readonly string[], username: string) {
    this.clients = [0, 1, 2, 3, 4, 5].map((index) => new LoadClient(servers, username, index));
  }

  /** Rejects when one token has two successors. */
  async run(): Promise<void> {
    const [first] = this.clients;
    await first?.login();
    while (!this.#isStopped) {
      const held = first?.held;
      await Promise.all(this.clients.map((client) => refreshShared(client, held)));
      expect(new Set(this.clients.map((client) => client.held?.refreshToken)).size).to.equal(1);
      this.successors += 1;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }
}

async function refreshShared(client: LoadClient, held: Tokens | undefined): Promise<void> {
  client.held = held;
  await client.refresh();
}

function longestOf(clients: readonly LoadClient[]): number {
  return Math.round(Math.max(...clients.map(({ longest }) => longest)));
}

function seconds(started: number): number {
  return Math.round((performance.now() - started) / 1000);
}

function dataOf<Data>(attempt: Attempt<Data>): Data {
  if ("data" in attempt) return attempt.data;
  throw new Error(JSON.stringify(attempt));
}
