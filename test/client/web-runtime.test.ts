import { resolve } from "node:path";
import { expect } from "chai";
import { runNode } from "../support/child-process.js";
import { PASSWORD, testContext } from "../support/test-context.js";

describe("the auth client in a runtime that has a fetch and little else", () => {
  const context = testContext();

  it("logs in, refreshes once for all, after a refusal too, and logs out", async () => {
    const { username } = await context.createUser();
    const { code, stdout, stderr } = await runNode([
      "--experimental-vm-modules",
      "--no-warnings",
      resolve("build/test/client/lab/web-runtime.js"),
      context.url,
      username,
      PASSWORD,
      resolve("build/src/client"),
    ]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).to.deep.equal({
      globals: [],
      wrong: "INVALID_CREDENTIALS",
      me: username,
      together: [username, username, username],
      afterRefusal: [username, username],
      params: ["authorization"],
      logout: { revoked: true },
      after: null,
      sent: [
        "auth.tokenAuth auth.tokenAuth auth.me",
        "auth.refreshToken auth.me auth.me auth.me",
        "auth.me auth.me auth.refreshToken auth.me auth.me",
        "auth.revokeToken auth.me",
      ].flatMap((line) => line.split(" ")),
      reasons: ["loggedIn", "refreshed", "refreshed", "loggedOut"],
      session: null,
    });
  });
});
