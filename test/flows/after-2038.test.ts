import { expect } from "chai";
import { dataOf, withToken } from "../support/faces.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const NOW = Date.parse("2040-01-01T00:00:00Z") / 1000;
const LATEST_INT = 2 ** 31 - 1;

describe("after 2038, when Unix seconds do not fit into GraphQL's Int", () => {
  const context = testContext();

  for (const face of context.faces) {
    it(`every operation works over ${face.name}`, async () => {
      context.clock.set("2040-01-01T00:00:00Z");
      const { username } = await context.createUser();
      const latest = face.name === "GraphQL" ? LATEST_INT : Infinity;
      const obtained = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      expect(obtained.payload.exp).to.equal(NOW + 300);
      expect(obtained.refreshExpiresIn).to.equal(Math.min(NOW + 7 * 24 * 3600, latest));
      const refreshed = dataOf(await face.refreshToken({ refreshToken: obtained.refreshToken }));
      expect(refreshed.refreshExpiresIn).to.equal(Math.min(NOW + 7 * 24 * 3600, latest));
      const { refreshToken } = refreshed;
      const other = await context.loginAgain(username);
      const seconds = Math.min(NOW, latest);
      const listed = dataOf(await face.sessions({}, withToken(refreshed.token)));
      expect(listed.map(({ created, lastUsed }) => [created, lastUsed])).to.deep.equal([
        [seconds, seconds],
        [seconds, seconds],
      ]);
      const ended = await face.revokeSession({ id: String(other.payload.sid) }, withToken(refreshed.token));
      expect(ended).to.deep.equal({ data: { revoked: seconds } });
      expect(await face.revokeToken({ refreshToken })).to.deep.equal({ data: { revoked: seconds } });
    });
  }
});
