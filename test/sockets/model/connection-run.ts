import { expect } from "chai";
import { constantFrom, record, oneof, type Arbitrary } from "fast-check";
import { dataOf } from "../../support/faces.js";
import { type Login, NOW, type TestContext } from "../../support/test-context.js";
import { ConnectionModel, type Face } from "./connection-model.js";
import type { Host } from "./host.js";
import { openSocket, type SocketClient, type Topic } from "./socket-client.js";

/** What may happen to a connection. `which` picks one of the subscriptions that there are. */
export type Step =
  | { readonly do: "init"; readonly token: "good" | "garbage" | "expired" }
  | { readonly do: "pass"; readonly seconds: number }
  | { readonly do: "renew"; readonly token: "refreshed" | "first" | "other session" | "other user" | "garbage" }
  | { readonly do: "subscribe"; readonly topic: Topic }
  | { readonly do: "unsubscribe"; readonly which: number }
  | { readonly do: "publish" | "log out" | "log out elsewhere" | "disable" | "leave" };

const TOKENS = ["refreshed", "refreshed", "refreshed", "first", "garbage", "other session", "other user"] as const;

/** Not below five seconds: within that the watch looks at least once. */
const SECONDS = [5, 5, 20, 100, 295, 300];

const subscribe = record({
  do: constantFrom("subscribe" as const),
  topic: constantFrom<Topic>("ticks", "ticks", "sessionEvents"),
});
const publish = record({ do: constantFrom("publish" as const) });

export const STEPS: Arbitrary<Step> = oneof(
  { weight: 6, arbitrary: subscribe },
  { weight: 5, arbitrary: publish },
  { weight: 4, arbitrary: record({ do: constantFrom("pass" as const), seconds: constantFrom(...SECONDS) }) },
  { weight: 4, arbitrary: record({ do: constantFrom("renew" as const), token: constantFrom(...TOKENS) }) },
  { weight: 2, arbitrary: record({ do: constantFrom("unsubscribe" as const), which: constantFrom(0, 1, 2) }) },
  {
    weight: 2,
    arbitrary: record({ do: constantFrom("log out" as const, "log out elsewhere", "disable", "leave") }),
  },
);

export const FIRST_STEP: Arbitrary<Step> = oneof(
  { weight: 8, arbitrary: record({ do: constantFrom("init" as const), token: constantFrom("good" as const) }) },
  {
    weight: 1,
    arbitrary: record({ do: constantFrom("init" as const), token: constantFrom("garbage" as const, "expired") }),
  },
  { weight: 1, arbitrary: record({ do: constantFrom("pass" as const), seconds: constantFrom(...SECONDS) }) },
);

/** The ping; and at first the limit of the first message, later the expiry of the token and the next look at the session. */
const TIMERS = { opened: 2, acknowledged: 3, over: 0 } as const;

/** One socket and the model of it, which are made to do the same. */
export class ConnectionRun {
  readonly model: ConnectionModel;
  private asked = 0;
  private published = 0;

  private constructor(
    private readonly context: TestContext,
    private readonly host: Host,
    private readonly client: SocketClient,
    face: Face,
    private readonly login: Login,
    private refreshToken: string,
  ) {
    this.model = new ConnectionModel(face, NOW);
  }

  static async begin(context: TestContext, host: Host, face: Face): Promise<ConnectionRun> {
    context.reset();
    const login = await context.login();
    const client = await openSocket(face, host.url);
    return new ConnectionRun(context, host, client, face, login, login.refreshToken);
  }

  async take(step: Step): Promise<void> {
    await this.perform(step);
    await this.compare();
  }

  /** Nothing is left of it, and nothing more is said. */
  async end(): Promise<void> {
    const { client, context, host } = this;
    if (this.model.phase !== "over") await this.take({ do: "leave" });
    host.feed.publish((this.published += 1));
    await soon(() => host.sockets.size === 0 && context.server.application.auth.connections.size === 0);
    await soon(() => context.timers.size === 0 && host.feed.listeners.size === 0);
    expect(client.closes).to.deep.equal([this.model.close]);
    expect(host.serverErrors.splice(0)).to.deep.equal([]);
  }

  private async perform(step: Step): Promise<void> {
    const { client, context, host, model } = this;
    switch (step.do) {
      case "init":
        return this.init(step.token);
      case "pass":
        return this.pass(step.seconds);
      case "renew":
        return this.renew(step.token);
      case "subscribe":
        return this.subscribe(step.topic);
      case "unsubscribe": {
        const id = [...model.running.keys()][step.which];
        if (id === undefined) return;
        client.unsubscribe(id);
        return model.unsubscribe(id);
      }
      case "publish":
        host.feed.publish((this.published += 1));
        return model.publish(this.published);
      case "log out":
        await context.trpc.revokeToken({ refreshToken: this.refreshToken });
        return model.revoke();
      case "log out elsewhere":
        return this.revokeElsewhere();
      case "disable":
        if (!model.wouldSeeInTime) return;
        await context.changeUser(this.login.username, { isActive: false });
        return model.disable();
      case "leave":
        client.socket.close(1000);
        return model.leave();
    }
  }

  private async init(token: "good" | "garbage" | "expired"): Promise<void> {
    const { client, context, model, login } = this;
    const expired = () =>
      context.token({ username: login.username, exp: 1 }, { header: { alg: "HS256", typ: "at+jwt" } });
    client.init(token === "good" ? login.token : token === "garbage" ? token : expired());
    model.init(token === "good" ? { expires: NOW + 300 } : token);
    await soon(() => client.isAcknowledged || client.closes.length > 0);
    client.told.clear(); // The answer to the first message is in how the socket goes on.
  }

  /** First as long as the watch may take: it asks the database, which takes a while that no clock of ours knows. */
  private async pass(seconds: number): Promise<void> {
    for (const some of [5, seconds - 5]) {
      await this.context.timers.pass(some);
      this.model.pass(some);
      await this.compare();
    }
  }

  private async subscribe(topic: Topic): Promise<void> {
    const id = this.nextId();
    const wasOpen = this.model.phase === "acknowledged";
    if (!wasOpen) return;
    this.client.subscribe(id, topic);
    this.model.subscribe(id, topic);
    if (this.model.phase === "acknowledged") await this.ask();
  }

  /** What is answered on the same socket is answered after the subscription has begun. */
  private async ask(): Promise<void> {
    const id = this.nextId();
    this.client.me(id);
    await soon(() => this.client.toldTo(id).length > 0);
    expect(this.client.toldTo(id)[0]).to.equal(this.login.username);
    this.forgetAnswer(id);
  }

  private async renew(which: (typeof TOKENS)[number]): Promise<void> {
    const { client, model } = this;
    if (model.phase !== "acknowledged") return;
    const token = await this.tokenFor(which);
    if (token === null) return;
    const id = this.nextId();
    client.renew(id, token);
    const expected = this.expectedOfRenewal(which);
    await soon(() => client.toldTo(id).length > 0);
    expect(client.toldTo(id)[0]).to.equal(expected);
    this.forgetAnswer(id);
  }

  /** Null where there is none any more. */
  private async tokenFor(which: (typeof TOKENS)[number]): Promise<string | null> {
    const { context, login } = this;
    if (which === "garbage") return which;
    if (which === "first") return login.token;
    if (which === "other user") return (await context.login()).token;
    if (which === "refreshed") {
      const refreshed = await context.trpc.refreshToken({ refreshToken: this.refreshToken });
      if (!("data" in refreshed)) return null;
      this.refreshToken = refreshed.data.refreshToken ?? "";
      return refreshed.data.token;
    }
    const opened = await context.trpc.tokenAuth({ username: login.username, password: "s3cret-Passw0rd" });
    return "data" in opened ? opened.data.token : null;
  }

  private expectedOfRenewal(which: (typeof TOKENS)[number]): string {
    const { model } = this;
    const seconds = this.context.clock.now().getTime() / 1000;
    if (!model.mayBegin()) return "error INVALID_TOKEN";
    const expires = which === "first" ? NOW + 300 : seconds + 300;
    switch (which) {
      case "first":
      case "refreshed":
        if (seconds >= expires) return "error TOKEN_EXPIRED";
        model.renew(expires);
        return String(expires);
      case "other session":
      case "other user":
        model.misuse();
        return "error INVALID_TOKEN";
      case "garbage":
        return "error INVALID_TOKEN";
    }
  }

  private async revokeElsewhere(): Promise<void> {
    const { context, login, model } = this;
    const opened = await context.trpc.tokenAuth({ username: login.username, password: "s3cret-Passw0rd" });
    if (!("data" in opened)) return; // The user is disabled.
    dataOf(await context.trpc.revokeOtherSessions({ authorization: `JWT ${opened.data.token}` }));
    model.revoke();
  }

  private async compare(): Promise<void> {
    const { client, context, host, model } = this;
    await soon(() => host.feed.listeners.size === model.ticks);
    if (model.phase === "over") await soon(() => client.closes.length > 0);
    await soon(() => context.timers.size === TIMERS[model.phase]);
    const shown = () => Object.fromEntries([...client.told].filter(([, told]) => told.length > 0));
    const expected = Object.fromEntries([...model.told].filter(([, told]) => told.length > 0));
    await soon(() => JSON.stringify(shown()) === JSON.stringify(expected)).catch(() => undefined);
    expect(shown()).to.deep.equal(expected);
    expect(client.closes).to.deep.equal(model.close === undefined ? [] : [model.close]);
  }

  private nextId(): string {
    return String((this.asked += 1));
  }

  /** Of questions that are answered once. */
  private forgetAnswer(id: string): void {
    this.client.told.delete(id);
  }
}

/** As `until`, but without a pause: there are thousands of these. */
async function soon(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`did not come true: ${holds.toString()}`);
    await new Promise(setImmediate);
  }
}
