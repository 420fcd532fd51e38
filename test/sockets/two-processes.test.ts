import { expect } from "chai";
import type { TokenPayload } from "../../src/trpc/auth-router-types.js";
import { createUsers } from "../support/create-users.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, type Face, graphqlFace, trpcFace, withToken } from "../support/faces.js";
import { graphqlWs, LIVE_CLIENTS, type Subscription } from "../support/live-clients.js";
import { RestartableServer } from "../support/restartable-server.js";
import { PASSWORD } from "../support/test-context.js";
import { until } from "../support/until.js";

/** Seconds: as long as everybody needs to subscribe on a machine that is busy. */
const SHORT_LIFE = 8;

interface Login {
  readonly token: string;
  readonly refreshToken: string;
  readonly payload: TokenPayload;
}

onEachDatabase("two processes of the bundled server on one database", (createDatabase) => {
  let here: RestartableServer | undefined;
  let there: RestartableServer | undefined;
  let subscriptions: Subscription[] = [];
  let users = 0;
  let databaseUrl: string;

  const onServer = (server: () => RestartableServer | undefined): readonly [Face, Face] => {
    const target = () => ({ url: server()?.url ?? "", hasRefreshTokens: true, hidesTokens: false });
    return [graphqlFace(target), trpcFace(target)];
  };
  const hereFaces = onServer(() => here);
  const thereFaces = onServer(() => there);

  before(async function () {
    this.timeout(60_000);
    databaseUrl = await createDatabase();
    const environment = {
      DATABASE_URL: databaseUrl,
      JWT_REFRESH_GRACE_PERIOD: "0",
      JWT_LOGIN_LIMIT_PER_ADDRESS: "none",
    };
    here = await RestartableServer.start(environment);
    there = await RestartableServer.start({ ...environment, JWT_EXPIRATION_DELTA: String(SHORT_LIFE) });
    expect(here.pid).to.not.equal(there.pid);
  });
  afterEach(() => {
    for (const subscription of subscriptions) subscription.stop();
    subscriptions = [];
  });
  after(async () => {
    await here?.remove();
    await there?.remove();
  });

  async function createUser(): Promise<string> {
    const username = `user-${(users += 1)}`;
    await createUsers(databaseUrl, [username]);
    return username;
  }

  async function logIn([face]: readonly [Face, Face], username: string): Promise<Login> {
    const { token, refreshToken = "", payload } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
    return { token, refreshToken, payload };
  }

  /** With every client at the first server. */
  async function subscribe({ token }: Login): Promise<Subscription[]> {
    const url = here?.url ?? "";
    const opened = await Promise.all(
      LIVE_CLIENTS.map((client) => client.subscribe(url, { headers: withToken(token) })),
    );
    subscriptions.push(...opened);
    expect(opened.map(({ isStarted }) => isStarted)).to.deep.equal([true, true, true, true]);
    return opened;
  }

  async function expectEnd(ended: readonly Subscription[], reason: string, close: object): Promise<void> {
    await Promise.all(ended.map((subscription) => subscription.untilOver()));
    for (const [index, { name, transport }] of LIVE_CLIENTS.entries()) {
      const { events = [], closes = [] } = ended[index] ?? {};
      expect(events, name).to.have.lengthOf(1);
      expect(events[0], name).to.include({ type: "LOGGED_OUT", reason });
      if (transport !== "WebSocket") continue;
      await until(() => closes.length > 0);
      expect(closes[0], name).to.deep.equal(close);
    }
  }

  const WAYS: readonly [way: string, end: (face: Face, login: Login, other: Login) => Promise<void>][] = [
    ["is revoked", async (face, { refreshToken }) => void dataOf(await face.revokeToken({ refreshToken }))],
    [
      "is ended from another session",
      async (face, { payload }, other) =>
        void dataOf(await face.revokeSession({ id: payload.sid }, withToken(other.token))),
    ],
    [
      "ends by a replay, which only the process that noticed it can tell from any other end",
      async (face, { refreshToken }) => {
        dataOf(await face.refreshToken({ refreshToken }));
        expect(await face.refreshToken({ refreshToken })).to.include({ code: "INVALID_REFRESH_TOKEN" });
      },
    ],
  ];

  async function expectEndOf(way: string, end: (typeof WAYS)[number][1], face: Face): Promise<void> {
    const username = await createUser();
    const [login, other] = [await logIn(hereFaces, username), await logIn(hereFaces, username)];
    const ended = await subscribe(login);
    const bystander = await graphqlWs().subscribe(here?.url ?? "", { headers: withToken(other.token) });
    subscriptions.push(bystander);
    await end(face, login, other);
    await expectEnd(ended, "REVOKED", { code: 4401, reason: "Session revoked" });
    expect(await bystander.me(), way).to.equal(username);
    expect([bystander.isOver, bystander.events], way).to.deep.equal([false, []]);
  }

  // All at once: what is waited for is the interval of the watch.
  it("end what runs here of a session that is over there, whichever way and over whichever face", async () => {
    const all = thereFaces.flatMap((face) =>
      WAYS.map(([way, end]) => expectEndOf(`a session that ${way}, over ${face.name}`, end, face)),
    );
    await Promise.all(all);
  });

  it("end what runs here when a token expires that was issued there, and not before", async () => {
    const login = await logIn(thereFaces, await createUser());
    const ended = await subscribe(login);
    await expectEnd(ended, "EXPIRED", { code: 4403, reason: "Token expired" });
    const [told] = ended[0]?.events ?? [];
    expect(told).to.have.property("at");
    expect((told as { at: number }).at).to.be.at.least(login.payload.exp ?? Infinity);
  });
});
