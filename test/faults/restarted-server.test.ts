import { expect } from "chai";
import { createDatabaseOn } from "../database/open-data-source.js";
import { createUsers } from "../support/create-users.js";
import { onOwnDatabaseServer } from "../support/databases.js";
import { Load } from "../support/load.js";
import { RestartableServer } from "../support/restartable-server.js";

const USERS = ["alice", "bob", "carol", "dave", "erin", "frank"];
const KILLS = 4;

onOwnDatabaseServer("a server process that is killed under load", (database) => {
  let server: RestartableServer | undefined;
  before(async function () {
    this.timeout(60_000);
    const url = await createDatabaseOn(database());
    server = await RestartableServer.start({ DATABASE_URL: url, JWT_REFRESH_GRACE_PERIOD: "60" });
    await createUsers(url, USERS);
  });
  after(() => server?.remove());

  it("leaves every client a token that works, wherever it was in its work", async function () {
    this.timeout(60_000);
    const load = new Load([server?.url ?? ""], USERS);
    for (let kill = 0; kill < KILLS; kill++) {
      await load.advance(3);
      await server?.kill();
      await server?.startAgain();
    }
    await load.advance(3);
    const figures = await load.end();
    console.log(`      killed ${KILLS} times: ${JSON.stringify(figures)}`);
    expect(figures.cut).to.be.above(0); // or the kills hit nothing
  });
});
