import { expect } from "chai";
import { createConnection } from "mysql2/promise";
import { createDatabaseOn } from "../database/open-data-source.js";
import { createUsers } from "../support/create-users.js";
import { onOwnDatabaseServer } from "../support/databases.js";
import { Load } from "../support/load.js";
import { RestartableServer } from "../support/restartable-server.js";
import { until } from "../support/until.js";

const USERS = ["alice", "bob", "carol", "dave", "erin", "frank"];

/** Milliseconds: one statement may take five seconds, and waiting for a connection two and a half before that. */
const BOUND = 9_000;

/** Longer than any outage here: a client whose answer was lost asks again with the token that was replaced. */
const GRACE = "60";

onOwnDatabaseServer("a server whose database fails under load", (database) => {
  let url: string;
  let server: RestartableServer | undefined;
  let pid: number | undefined;
  before(async function () {
    this.timeout(60_000);
    url = await createDatabaseOn(database());
    server = await start({});
    pid = server.pid;
    await createUsers(url, USERS);
  });
  after(() => server?.remove());

  async function start({ poolSize = 8 }): Promise<RestartableServer> {
    return RestartableServer.start({ DATABASE_URL: `${url}?poolSize=${poolSize}`, JWT_REFRESH_GRACE_PERIOD: GRACE });
  }

  /** Runs clients before, while and after something fails. */
  async function survive(title: string, fault: (load: Load) => Promise<void>, target = server): Promise<void> {
    const load = new Load([target?.url ?? ""], USERS);
    await load.advance(5);
    await fault(load);
    await load.advance(5);
    const figures = await load.end();
    console.log(`      ${title}: ${JSON.stringify(figures)}`);
    expect(figures.lost).to.equal(0);
    expect(figures.longest).to.be.below(BOUND);
    expect(target?.isRunning).to.equal(true);
  }

  it("answers 503 while it is stopped, and goes on when it is started", async () => {
    await survive("stopped", async (load) => {
      await database().stop();
      await load.outage();
      await database().startAgain();
    });
  });

  it("answers 503 while it is killed, and goes on when it is started", async () => {
    await survive("killed", async (load) => {
      await database().kill();
      await load.outage();
      await database().startAgain();
    });
  });

  it("answers 503 while it is frozen, and goes on when it is thawed", async function () {
    this.timeout(60_000);
    await survive("frozen", async (load) => {
      database().freeze();
      await load.outage().finally(() => database().thaw());
    });
  });

  it("answers 503 while it takes no connections, and goes on when it does", async () => {
    const { port } = database();
    const admin = await createConnection({ host: "127.0.0.1", port, user: "root" });
    await survive("refusing connections", async (load) => {
      await admin.query("SET GLOBAL max_connections = 10"); // the least that there may be
      const others = await takeAllConnections(port);
      await until(async () => {
        const [rows] = await admin.query("SELECT id FROM information_schema.processlist WHERE db = 'janus'");
        for (const { id } of rows as { id: number }[]) await admin.query(`KILL ${id}`).catch(() => {});
        others.push(...(await takeAllConnections(port)));
        return (rows as unknown[]).length === 0;
      });
      await load.outage();
      await admin.query("SET GLOBAL max_connections = 151");
      for (const other of others) other.destroy();
    }).finally(() => admin.destroy());
  });

  it("answers 503 while every connection waits for a lock, and goes on after it", async function () {
    this.timeout(60_000);
    const narrow = await start({ poolSize: 2 });
    const admin = await createConnection({ host: "127.0.0.1", port: database().port, user: "root", database: "janus" });
    const lockAll = async (load: Load) => {
      await admin.query("LOCK TABLES refresh_token WRITE, janus_user WRITE");
      await load.outage();
      await admin.query("UNLOCK TABLES");
    };
    try {
      await survive("pool exhausted", lockAll, narrow);
    } finally {
      admin.destroy();
      await narrow.remove();
    }
  });

  it("lets the same process live through all of it", () => {
    expect(server?.pid).to.equal(pid);
    expect(server?.isRunning).to.equal(true);
  });
});

/** Connects until the database takes no more. */
async function takeAllConnections(port: number) {
  const taken = [];
  for (;;) {
    try {
      taken.push(await createConnection({ host: "127.0.0.1", port, user: "root" }));
    } catch {
      return taken;
    }
  }
}
