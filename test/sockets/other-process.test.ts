import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, withToken } from "../support/faces.js";
import { graphqlSse, LIVE_CLIENTS, type Subscription } from "../support/live-clients.js";
import { NOW, PASSWORD, TestContext } from "../support/test-context.js";
import { until } from "../support/until.js";
import { statementsDuring } from "../support/statements.js";

onEachDatabase("connections of sessions that another server process ends", (createDatabase) => {
  let url: Promise<string>;
  const sharedDatabase = (): Promise<string> => (url ??= createDatabase());
  const here = new TestContext({ JWT_CONNECTIONS_PER_USER: "none" }, sharedDatabase);
  const there = new TestContext({}, sharedDatabase);
  let subscription: Subscription | undefined;

  before(async () => {
    await here.start();
    await there.start();
  });
  beforeEach(() => {
    here.reset();
    there.reset();
  });
  afterEach(async () => {
    subscription?.stop();
    await until(() => here.server.application.auth.connections.size === 0);
    expect(here.timers.size).to.equal(0);
  });
  after(async () => {
    await here.stop();
    await there.stop();
  });

  for (const client of LIVE_CLIENTS) {
    it(`end within the interval of the watch over ${client.name}`, async () => {
      const { token, refreshToken } = await here.login();
      subscription = await client.subscribe(here.url, { headers: withToken(token) });
      dataOf(await there.trpc.revokeToken({ refreshToken }));
      await here.timers.pass(5);
      await subscription.untilOver();
      expect(subscription.events).to.have.lengthOf(1);
      expect(subscription.events[0]).to.include({ type: "LOGGED_OUT", reason: "REVOKED" });
    });
  }

  it("are told of a password that was changed there", async () => {
    const { token } = await here.login();
    subscription = await graphqlSse.subscribe(here.url, { headers: withToken(token) });
    here.clock.advance(2);
    there.clock.advance(2);
    const passwords = { currentPassword: PASSWORD, newPassword: "another-Passw0rd" };
    dataOf(await there.trpc.setPassword(passwords, withToken(token)));
    await here.timers.pass(5);
    await subscription.untilOver();
    expect(subscription.events[0]).to.include({ reason: "PASSWORD_CHANGED" });
  });

  it("are looked at with one statement for 64 of them, and with none where there are none", async () => {
    const { connections, service } = here.server.application.auth;
    const { token } = await here.login();
    const { user, payload } = await service.identify(token);
    const opened = Array.from({ length: 3 * 64 }, (_, index) =>
      connections.open({ user, payload: { ...payload, sid: `${index}` }, request: undefined }),
    );
    const own = connections.open({ user, payload, request: undefined });
    const { dataSource } = here.server.application;
    const statements = await statementsDuring(dataSource, async () => {
      await here.timers.pass(5);
      await until(() => opened.every(({ ended }) => ended === "REVOKED"));
      await until(() => here.timers.size === 2); // Its expiry, and the next look.
    });
    expect(statements).to.have.lengthOf(4);
    expect(own.ended).to.equal(null);

    for (const connection of [...opened, own]) connection.close();
    expect(await statementsDuring(dataSource, () => here.timers.pass(600))).to.deep.equal([]);
  });

  it("stay while the database is away, which is logged once each time, and end when it is back", async () => {
    const { connections, service } = here.server.application.auth;
    const { token, refreshToken } = await here.login();
    const { user, payload } = await service.identify(token);
    const connection = connections.open({ user, payload, request: undefined });
    const { dataSource } = here.server.application;
    const look = async (times: number) => {
      for (let turn = 0; turn < times; turn += 1) {
        await here.timers.pass(5);
        await until(() => here.timers.size === 2); // Its expiry, and the next look.
      }
    };
    const told = () => here.log.filter(({ msg }) => msg === "open connections cannot be checked");
    here.forget();
    await dataSource.destroy();
    await look(2);
    expect(told()).to.have.lengthOf(1);
    await dataSource.initialize();
    await look(1);
    dataOf(await there.trpc.revokeToken({ refreshToken }));
    await dataSource.destroy();
    await look(2);
    expect(told()).to.have.lengthOf(2);
    expect(connection.ended).to.equal(null);

    await dataSource.initialize();
    await here.timers.pass(5);
    await until(() => connection.ended !== null);
    expect(connection.ended).to.equal("REVOKED");
    connection.close();
    expect(here.clock.now().getTime() / 1000).to.equal(NOW + 30);
  });
});
