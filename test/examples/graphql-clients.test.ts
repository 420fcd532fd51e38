import { expect } from "chai";
import { freePort } from "../support/free-port.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { example } from "./running/example.js";
import { forwardOnce } from "./running/forwarder.js";

const DENIED = "You do not have permission to perform this action (UNAUTHENTICATED)";

/** The examples of GraphQL clients, and whether each has a cache. */
const CLIENTS = { "apollo-client": true, "graphql-request": false, urql: true };

for (const [name, hasCache] of Object.entries(CLIENTS)) {
  describe(`examples/${name}`, () => {
    const context = testContext();
    const shown = example(name);

    it("logs in, notices nothing when its token expires, forgets everything at logout and shows a refusal", async () => {
      const { username } = await context.createUser();
      const { events } = context.server.application.auth;
      const stop = events.on("tokenIssued", () => context.clock.advance(400)); // A token lives for 300 seconds.
      try {
        const { code, stdout, stderr } = await shown.start({ JANUS_URL: context.url, JANUS_USER: username, PASSWORD })
          .ended;
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
        expect(stdout.trimEnd().split("\n")).to.deep.equal([
          "- loggedIn",
          "- refreshed",
          `me: ${username}`,
          "sessions: 1",
          ...(hasCache ? [`in the cache: ${username}`] : []),
          "- loggedOut",
          ...(hasCache ? ["in the cache: undefined"] : []),
          "me: nobody",
          `sessions: ${DENIED}`,
        ]);
      } finally {
        stop();
      }
      expect(context.eventNames.filter((event) => event.startsWith("token"))).to.deep.equal([
        "tokenIssued",
        "tokenRefreshed",
      ]);
      const sessions = await context.sessionsOf(username);
      expect(sessions.map(({ generation, revoked }) => [generation, revoked !== null])).to.deep.equal([[1, true]]);
    });

    it("says that the password is wrong", async () => {
      const { username } = await context.createUser();
      const environment = { JANUS_URL: context.url, JANUS_USER: username, PASSWORD: "wrong" };
      expect(await shown.startCompiled("main.js", environment).ended).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "Please enter valid credentials\n",
      });
      expect(context.eventNames).to.deep.equal(["loginFailed"]);
      expect(await context.sessionsOf(username)).to.deep.equal([]);
    });

    it("says that the server is away", async () => {
      const environment = { JANUS_URL: `http://127.0.0.1:${await freePort()}`, PASSWORD };
      expect(await shown.startCompiled("main.js", environment).ended).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "The auth server cannot be reached\n",
      });
    });

    it("says that the server went away after the login", async () => {
      const { username } = await context.createUser();
      const forwarder = await forwardOnce(context.url);
      try {
        const environment = { JANUS_URL: forwarder.url, JANUS_USER: username, PASSWORD };
        expect(await shown.startCompiled("main.js", environment).ended).to.deep.equal({
          code: 1,
          stdout: "- loggedIn\n",
          stderr: "The server cannot be reached\n",
        });
      } finally {
        await forwarder.close();
      }
    });
  });
}
