import { expect } from "chai";
import { dataOf, withToken } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { graphqlWs, type LiveClient, type Subscription, trpcWs } from "../support/live-clients.js";
import { rejection } from "../support/rejection.js";
import { NOW, testContext } from "../support/test-context.js";
import { until } from "../support/until.js";

const CLIENTS: readonly LiveClient[] = [graphqlWs(), trpcWs];

describe("renewConnection", () => {
  const context = testContext();
  let subscription: Subscription | undefined;

  afterEach(async () => {
    subscription?.stop();
    await until(() => context.server.application.auth.connections.size === 0);
    expect(context.timers.size).to.equal(0);
  });

  for (const client of CLIENTS) {
    describe(`over ${client.name}`, () => {
      const open = async (token: string): Promise<Subscription> =>
        (subscription = await client.subscribe(context.url, { params: withToken(token) }));

      it("prolongs the socket and all that runs on it, until the new token expires", async () => {
        const { token, refreshToken, username } = await context.login();
        const { me, renew, events, closes } = await open(token);
        await context.timers.pass(200);
        const refreshed = dataOf(await context.trpc.refreshToken({ refreshToken }));
        expect(await renew(refreshed.token)).to.deep.equal({ expires: NOW + 500 });

        await context.timers.pass(299);
        expect(await me()).to.equal(username);
        expect(events).to.deep.equal([]);
        await context.timers.pass(1);
        await until(() => closes.length > 0);
        expect(events).to.deep.equal([{ type: "LOGGED_OUT", reason: "EXPIRED", at: NOW + 500 }]);
      });

      it("with somebody else's token ends the socket", async () => {
        const [{ token }, other] = [await context.login(), await context.login()];
        await expectMisuse(await open(token), other.token);
      });

      it("with the token of another session ends the socket", async () => {
        const { token, username } = await context.login();
        await expectMisuse(await open(token), (await context.loginAgain(username)).token);
      });

      it("with a bad token is refused, and the socket goes on", async () => {
        const { token, username } = await context.login();
        const { me, renew, isOver } = await open(token);
        expect(codeOf(await rejection(renew("garbage")))).to.equal("INVALID_TOKEN");
        expect(await me()).to.equal(username);
        expect(isOver).to.equal(false);
      });
    });
  }

  it("is for sockets", async () => {
    const { token } = await context.login();
    const query = `mutation { renewConnection(token: "${token}") { expires } }`;
    const { body } = await graphql(`${context.url}/graphql`, query, {}, withToken(token));
    expect(body.errors?.[0]).to.deep.include({ message: "This operation needs a WebSocket" });
    expect(body.errors?.[0]?.extensions).to.deep.equal({ code: "NOT_SUPPORTED" });
  });

  async function expectMisuse({ renew, events, closes }: Subscription, token: string): Promise<void> {
    expect(codeOf(await rejection(renew(token)))).to.equal("INVALID_TOKEN");
    await until(() => closes.length > 0);
    expect(closes).to.deep.equal([{ code: 4401, reason: "Invalid token" }]);
    expect(events).to.deep.equal([]);
  }
});

function codeOf(error: unknown): string {
  const { data, message } = error as { data?: { errorCode: string }; message: string };
  return data?.errorCode ?? message;
}
