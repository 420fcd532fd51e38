import { expect } from "chai";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { DataSources } from "../database/open-data-source.js";
import { createUsers } from "../support/create-users.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, trpcFace } from "../support/faces.js";
import { RestartableServer } from "../support/restartable-server.js";
import { PASSWORD } from "../support/test-context.js";
import { RefreshClient, type RefreshOutcome } from "./refresh-client.js";

const CLIENTS = 60;

/** Two server processes over one database, and clients that are spread over both of them and over both faces. */
class Race {
  private constructor(
    readonly servers: readonly RestartableServer[],
    private readonly clients: readonly RefreshClient[],
  ) {}

  static async start(environment: Readonly<Record<string, string>>): Promise<Race> {
    const servers = await Promise.all([RestartableServer.start(environment), RestartableServer.start(environment)]);
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const server = servers[index % servers.length];
      return new RefreshClient(server?.url ?? "", index % 4 < 2 ? "tRPC" : "GraphQL");
    });
    return new Race(servers, clients);
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    await Promise.all(this.servers.map((server) => server.remove()));
  }

  /** The refresh tokens of so many new sessions of a user. */
  async login(username: string, count: number): Promise<string[]> {
    const face = trpcFace(() => ({ url: this.servers[0]?.url ?? "", hasRefreshTokens: true, hidesTokens: false }));
    const tokens: string[] = [];
    while (tokens.length < count) {
      tokens.push(dataOf(await face.tokenAuth({ username, password: PASSWORD })).refreshToken ?? "");
    }
    return tokens;
  }

  /** Lets all clients refresh one token at once. */
  refreshAtOnce(token: string): Promise<RefreshOutcome[]> {
    return Promise.all(this.clients.map((client) => client.refresh(token)));
  }

  /** Lets the clients refresh these tokens, each token once. */
  refreshEach(tokens: readonly string[]): Promise<RefreshOutcome[]> {
    return Promise.all(
      this.clients.flatMap((client, index) =>
        tokens.filter((_, of) => of % CLIENTS === index).map((token) => client.refresh(token)),
      ),
    );
  }

  /** How many rotations each server has told of. */
  rotations(): number[] {
    return this.servers.map(({ output }) => output.split('"event":"refreshTokenRotated"').length - 1);
  }
}

onEachDatabase(`the race of ${CLIENTS} clients for refresh tokens, over two server processes`, (createDatabase) => {
  const dataSources = new DataSources();
  let race: Race | undefined;
  let url: string;

  beforeEach(async () => {
    url = await createDatabase();
  });
  afterEach(async () => {
    await race?.stop();
    await dataSources.close();
  });

  async function start(environment: Readonly<Record<string, string>>): Promise<Race> {
    race = await Race.start({ DATABASE_URL: url, ...environment });
    await createUsers(url, ["alice"]);
    return race;
  }

  async function sessions(): Promise<RefreshToken[]> {
    const dataSource = await dataSources.connect(url);
    return dataSource.getRepository(RefreshToken).find();
  }

  it("has one winner for each of 200 tokens, and in the grace period its successor is everybody's", async function () {
    this.timeout(120_000);
    const running = await start({ JWT_REFRESH_GRACE_PERIOD: "60 s" });
    const tokens = await running.login("alice", 200);
    const begun = performance.now();
    const successors: string[] = [];
    for (const token of tokens) {
      const outcomes = await running.refreshAtOnce(token);
      expect(outcomes.filter((outcome) => !("successor" in outcome))).to.deep.equal([]);
      const distinct = new Set(outcomes.map((outcome) => ("successor" in outcome ? outcome.successor : "")));
      expect(distinct.size).to.equal(1);
      successors.push(...distinct);
    }
    const milliseconds = Math.round(performance.now() - begun);

    expect(new Set([...tokens, ...successors]).size).to.equal(400);
    const rows = await sessions();
    expect(rows).to.have.length(200);
    expect(rows.filter(({ generation, revoked }) => generation !== 1 || revoked !== null)).to.deep.equal([]);
    const rotations = running.rotations();
    expect(rotations.reduce((total, count) => total + count)).to.equal(200);
    const next = await running.refreshEach(successors);
    expect(next).to.have.length(200);
    expect(next.filter((outcome) => !("successor" in outcome))).to.deep.equal([]);
    const figures = { tokens: 200, requests: 200 * CLIENTS, winners: rotations, milliseconds };
    console.log(`      ${JSON.stringify(figures)}`);
  });

  it("has one winner for each of 20 tokens without a grace period, and refuses everybody else", async function () {
    this.timeout(120_000);
    const running = await start({ JWT_REFRESH_GRACE_PERIOD: "0" });
    const tokens = await running.login("alice", 20);
    for (const token of tokens) {
      const outcomes = await running.refreshAtOnce(token);
      const refused = outcomes.filter((outcome) => !("successor" in outcome));
      expect(refused).to.have.length(CLIENTS - 1);
      for (const outcome of refused) expect(outcome).to.include({ code: "INVALID_REFRESH_TOKEN" });
    }
    expect((await sessions()).filter(({ generation }) => generation !== 1)).to.deep.equal([]);
    const rotations = running.rotations();
    expect(rotations.reduce((total, count) => total + count)).to.equal(20);
    console.log(`      ${JSON.stringify({ tokens: 20, requests: 20 * CLIENTS, winners: rotations })}`);
  });
});
