import { expect } from "chai";
import { freePort } from "../support/free-port.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { example } from "./running/example.js";
import { forwardOnce } from "./running/forwarder.js";

const LOGIN_FORM = ["Log in", "[Log in]", ""];
const BUTTONS = ["[Log out everywhere else]", "[Log out]", ""];

describe("examples/trpc-react", () => {
  const context = testContext();
  const shown = example("trpc-react");

  it("logs in, shows nothing of a token that expires, ends the other sessions and shows the form after logout", async () => {
    const { username } = await context.login();
    context.clock.advance(1); // Or the ids of both sessions begin with the same time, and sort by chance.
    const stop = context.server.application.auth.events.on("tokenIssued", () => context.clock.advance(400));
    try {
      const environment = { JANUS_URL: context.url, JANUS_USER: username, PASSWORD };
      const { code, stdout, stderr } = await shown.start(environment).ended;
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      expect(stdout.trimEnd().split("\n")).to.deep.equal(
        [
          ...LOGIN_FORM,
          `Hello, ${username}`,
          "Logged in 2 times",
          ...BUTTONS,
          `Hello, ${username}`,
          "Logged in 1 times",
          BUTTONS[0],
          "Ended 1",
          ...BUTTONS.slice(1),
          ...LOGIN_FORM,
        ].slice(0, -1),
      );
    } finally {
      stop();
    }
    expect(context.eventNames.filter((event) => event.startsWith("token"))).to.deep.equal([
      "tokenIssued",
      "tokenRefreshed",
    ]);
    const sessions = await context.sessionsOf(username);
    expect(sessions.map(({ generation, revoked }) => [generation, revoked !== null])).to.deep.equal([
      [0, true],
      [1, true],
    ]);
  });

  it("says that the password is wrong", async () => {
    const { username } = await context.createUser();
    const environment = { JANUS_URL: context.url, JANUS_USER: username, PASSWORD: "wrong" };
    expect(await shown.startCompiled("main.js", environment).ended).to.deep.equal({
      code: 1,
      stdout: `${LOGIN_FORM.join("\n")}\n`,
      stderr: "Please enter valid credentials\n",
    });
    expect(context.eventNames).to.deep.equal(["loginFailed"]);
    expect(await context.sessionsOf(username)).to.deep.equal([]);
  });

  it("says that the server is away", async () => {
    const environment = { JANUS_URL: `http://127.0.0.1:${await freePort()}`, PASSWORD };
    const { code, stderr } = await shown.startCompiled("main.js", environment).ended;
    expect({ code, stderr }).to.deep.equal({ code: 1, stderr: "The auth server cannot be reached\n" });
  });

  it("says that the server went away after the login", async () => {
    const { username } = await context.createUser();
    const forwarder = await forwardOnce(context.url);
    try {
      const environment = { JANUS_URL: forwarder.url, JANUS_USER: username, PASSWORD };
      const { code, stderr } = await shown.startCompiled("main.js", environment).ended;
      expect({ code, stderr }).to.deep.equal({ code: 1, stderr: "The server cannot be reached\n" });
    } finally {
      await forwarder.close();
    }
  });
});
