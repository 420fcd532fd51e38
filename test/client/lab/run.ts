import { expect } from "chai";
import * as fc from "fast-check";
import { memoryStore } from "../../../src/client/index.js";
import { RefreshToken } from "../../../src/sessions/refresh-token.js";
import { PASSWORD, type TestContext } from "../../support/test-context.js";
import type { UserAccount } from "../../../src/users/user-account.js";
import { type Lab, newClient, sharedLock } from "./new-client.js";
import { type Fate, isRefresh, type SentRequest } from "./traffic.js";

const WEATHER = ["fine", "down", "answersLost", "firstAnswerLost", "busy", "tooMany", "refreshDown"] as const;
type Weather = (typeof WEATHER)[number];

/** Something that happens to the tabs, their network, their session or the time. */
export type Action =
  | { readonly kind: "requests"; readonly counts: readonly [number, number] }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "weather"; readonly weather: Weather }
  | { readonly kind: "refresh" | "revoke" | "disable" | "login" | "logout" };

export const ACTIONS: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("requests" as const), counts: fc.tuple(upTo(3), upTo(3)) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(3, 60, 280, 301, 691_200) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("weather" as const), weather: fc.constantFrom(...WEATHER) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "refresh" as const,
        "revoke" as const,
        "disable" as const,
        "login" as const,
        "logout" as const,
      ),
    }),
  },
);

function upTo(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max });
}

/** One life of two tabs at a real server. After each action it is checked what must be true, whatever came before. */
export class Run {
  private weather: Weather = "fine";
  private marks = 0;
  private refreshesInWeather = 0;
  /** What the listeners of both tabs were told, in order. */
  private readonly told: string[] = [];
  /** The id of the session that the tabs have, or had last. */
  private sid: string | undefined;

  private constructor(
    private readonly context: TestContext,
    private readonly tabs: readonly [Lab, Lab],
    private readonly user: UserAccount,
  ) {
    for (const { auth, traffic } of tabs) {
      traffic.fate = (request) => this.fateOf(request);
      auth.subscribe(({ reason }) => this.told.push(reason));
    }
  }

  static async begin(context: TestContext): Promise<Run> {
    const shared = { store: memoryStore(), lock: sharedLock() };
    return new Run(context, [newClient(context, shared), newClient(context, shared)], await context.createUser());
  }

  async do(action: Action): Promise<void> {
    const [first] = this.tabs;
    switch (action.kind) {
      case "requests":
        return this.request(action.counts);
      case "wait":
        return this.context.clock.advance(action.seconds);
      case "weather":
        this.weather = action.weather;
        this.refreshesInWeather = 0;
        return;
      case "refresh":
        await first.auth.refresh().catch(() => null);
        return this.assertDroppedForCause();
      case "revoke":
        await this.sessions.update({ user: this.user.username }, { revoked: this.context.clock.now() });
        return;
      case "disable":
        return this.context.changeUser(this.user.username, { isActive: false });
      case "login":
        return this.login(first);
      case "logout":
        await first.auth.logout();
        return this.assertToldOnce();
    }
  }

  /** Each login and each end of one is told once, however many requests found out. */
  private assertToldOnce(): void {
    const changes = this.told.filter((reason) => ["loggedIn", "loggedOut", "refused"].includes(reason));
    expect(changes.map((reason) => reason === "loggedIn")).to.deep.equal(changes.map((_, index) => index % 2 === 0));
    const loggedIn = changes.at(-1) === "loggedIn";
    expect(this.tabs.map(({ auth }) => auth.session !== null)).to.deep.equal([loggedIn, loggedIn]);
  }

  private async login({ auth }: Lab): Promise<void> {
    await this.context.changeUser(this.user.username, { isActive: true });
    if (auth.session) await auth.logout();
    const session = await auth.login(this.user.username, PASSWORD).catch(() => null);
    if (session) this.sid = session.payload.sid;
    this.assertToldOnce();
  }

  private async request(counts: readonly number[]): Promise<void> {
    for (const { traffic } of this.tabs) traffic.sent.length = 0;
    const wasLoggedIn = this.tabs[0].auth.session !== null;
    const calls = this.tabs.flatMap((tab, index) => Array.from({ length: counts[index] ?? 0 }, () => this.ask(tab)));
    const statuses = await Promise.all(calls);
    this.assertBounded(calls.length);
    await this.assertDroppedForCause();
    if (this.weather !== "fine" || calls.length === 0 || !wasLoggedIn) return;
    const over = await this.isOver();
    expect(statuses).to.deep.equal(statuses.map(() => (over ? 401 : 200)));
    expect(this.tabs[0].auth.session === null).to.equal(over);
  }

  /** One request, with a mark by which it is known again. Answers its status; 0 if it got no answer. */
  private async ask({ auth, traffic }: Lab): Promise<number> {
    const mark = String(++this.marks);
    const answer = auth.fetch(`${this.context.url}/trpc/auth.me`, { headers: { "x-mark": mark } });
    const status = await answer.then(
      (response) => response.status,
      () => 0,
    );
    const attempts = traffic.sent.filter((request) => request.mark === mark);
    expect(attempts.length).to.be.within(1, 2);
    // The second has another token: nothing is sent twice as it is.
    expect(new Set(attempts.map(({ authorization }) => authorization)).size).to.equal(attempts.length);
    return status;
  }

  /** In fine weather one refresh at the most; else each request may try one, with its repetition. */
  private assertBounded(calls: number): void {
    const refreshes = this.tabs.reduce((sum, { traffic }) => sum + traffic.refreshes, 0);
    expect(refreshes).to.be.at.most(this.weather === "fine" ? 1 : 2 * calls);
  }

  /** Nobody is logged out but by himself, or by the server's word. */
  private async assertDroppedForCause(): Promise<void> {
    this.assertToldOnce();
    if (this.tabs[0].auth.session === null && this.told.at(-1) === "refused") {
      expect(await this.isOver()).to.equal(true);
    }
  }

  /** What the database says of the session. */
  private async isOver(): Promise<boolean> {
    const session = await this.sessions.findOneBy({ id: this.sid ?? "" });
    const account = await this.context.server.application.users.findByNaturalKey(this.user.username);
    if (!session || !account?.isActive || session.revoked) return true;
    return this.context.clock.now().getTime() > session.rotated.getTime() + 7 * 86_400_000;
  }

  private get sessions() {
    return this.context.server.application.dataSource.getRepository(RefreshToken);
  }

  private fateOf(request: SentRequest): Fate | Response {
    const refresh = isRefresh(request);
    switch (this.weather) {
      case "fine":
        return "through";
      case "down":
        return "lost";
      case "answersLost":
        return "answerLost";
      case "firstAnswerLost":
        return refresh && this.refreshesInWeather++ === 0 ? "answerLost" : "through";
      case "busy":
        return refresh ? new Response("<h1>Busy", { status: 503 }) : "through";
      case "tooMany":
        return refresh ? new Response("{}", { status: 429 }) : "through";
      case "refreshDown":
        return refresh ? "lost" : "through";
    }
  }
}
