import { expect } from "chai";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { DataSources } from "../database/open-data-source.js";
import { runNode } from "../support/child-process.js";
import { createUsers } from "../support/create-users.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, trpcFace } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { insertSessions } from "../support/insert-sessions.js";
import { RestartableServer } from "../support/restartable-server.js";
import { PASSWORD } from "../support/test-context.js";

const ROWS = 10_000;
const CLIENTS = 8;

onEachDatabase("clear-tokens while a server is under load", (createDatabase) => {
  const dataSources = new DataSources();
  let server: RestartableServer | undefined;
  afterEach(async () => {
    await server?.remove();
    await dataSources.close();
  });

  it(`deletes ${ROWS} sessions, and every login and refresh meanwhile is answered`, async function () {
    this.timeout(120_000);
    const url = await createDatabase();
    server = await RestartableServer.start({ DATABASE_URL: url, LOG_LEVEL: "error" });
    const target = { url: server.url, hasRefreshTokens: true, hidesTokens: false };
    const face = trpcFace(() => target);
    await createUsers(url, ["alice"]);
    const dataSource = await dataSources.connect(url);
    await insertSessions(dataSource, ROWS, { created: new Date(0), revoked: null });

    const clearing = new AbortController();
    let answered = 0;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!clearing.signal.aborted) {
        const { refreshToken } = dataOf(await face.tokenAuth({ username: "alice", password: PASSWORD }));
        const successor = dataOf(await face.refreshToken({ refreshToken })).refreshToken;
        dataOf(await face.refreshToken({ refreshToken: successor }));
        answered += 3;
      }
    });
    const command = ["build/src/cli/main.js", "clear-tokens", "--expired"];
    const ended = await runNode(command, { DATABASE_URL: url, SECRET_KEY }).finally(() => clearing.abort());
    await Promise.all(clients);

    expect(ended.stdout).to.equal(`Deleted ${ROWS} refresh tokens.\n`);
    expect(ended.code).to.equal(0);
    const kept = await dataSource.getRepository(RefreshToken).find();
    expect(kept.filter(({ generation, revoked }) => generation !== 2 || revoked !== null)).to.deep.equal([]);
    expect(kept).to.have.length(answered / 3);
    expect(answered).to.be.greaterThan(CLIENTS * 3); // Not in one wave before it began.
    console.log(`      ${JSON.stringify({ cleared: ROWS, answered })}`);
  });
});
