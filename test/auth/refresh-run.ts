import { expect } from "chai";
import type { DataSource } from "typeorm";
import type { AuthUser } from "../../src/auth-user.js";
import { type Auth, createAuth } from "../../src/create-auth.js";
import { publicError } from "../../src/public-error.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { SECRET_KEY } from "../support/forge.js";
import { TestClock } from "../support/test-clock.js";
import { RefreshModel, type ModelSettings, type ModelToken } from "./refresh-model.js";
import type { Node, Step } from "./refresh-steps.js";

const SECOND = 1000;
const ACCESS_LIFETIME = 300 * SECOND;

const ALICE: AuthUser & { username: string } = { id: "1", username: "alice", isActive: true };

/** Two server processes over one database, as far as they can be told apart from here, and the model beside them. */
export class RefreshRun {
  private readonly clock = new TestClock();
  private readonly model: RefreshModel;
  private readonly nodes = new Map<Node, { auth: Auth; dataSource: DataSource }>();
  private readonly tokens: { refresh: string; access: string; issued: number; is: ModelToken }[] = [];
  private readonly ids: string[] = [];
  readonly counts = { steps: 0, refreshed: 0, refused: 0 };

  constructor(
    private readonly connect: () => Promise<DataSource>,
    private readonly settings: ModelSettings,
  ) {
    this.model = new RefreshModel(settings);
  }

  async start(): Promise<void> {
    await this.restart("first");
    await this.restart("second");
  }

  async stop(): Promise<void> {
    for (const { dataSource } of this.nodes.values()) await dataSource.destroy();
  }

  async take(step: Step): Promise<void> {
    this.counts.steps += 1;
    if (step.do === "wait") return this.clock.advance(step.milliseconds / SECOND);
    if (step.do === "restart") return this.restart(step.node);
    if (step.do === "login") return this.login(step.node);
    if (this.tokens.length === 0) return this.login("first");
    const presented = this.tokens[Math.max(0, this.tokens.length - 1 - step.token)];
    if (!presented) throw new Error("no token");
    if (step.do === "race") return this.race(presented, step.clients);
    if (step.do === "use") return this.use(step.node, presented);
    if (step.do === "revoke") return this.revoke(step.node, presented);
    await this.refresh(step.node, presented, step.do === "refresh");
  }

  /** What is in the database at the end is what the model says, too. */
  async compareRows(): Promise<void> {
    const rows = await this.on("first").dataSource.getRepository(RefreshToken).find();
    const kept = this.ids.map((id) => rows.find((row) => row.id === id));
    expect(kept.map((row) => ({ generation: row?.generation, live: row?.revoked === null }))).to.deep.equal(
      this.model.sessions.map(({ generation, live }) => ({ generation, live })),
    );
  }

  private async restart(node: Node): Promise<void> {
    await this.nodes.get(node)?.dataSource.destroy();
    const dataSource = await this.connect();
    const users = { findByNaturalKey: async () => ALICE, checkPassword: async () => true };
    const { rotation, grace, delta, absolute } = this.settings;
    const auth = await createAuth({
      users,
      dataSource,
      secretKey: SECRET_KEY,
      clock: this.clock,
      defaultProfile: "hardened",
      settings: {
        reuseRefreshTokens: rotation,
        refreshGracePeriod: grace / SECOND,
        refreshExpirationDelta: delta / SECOND,
        refreshAbsoluteLifetime: absolute / SECOND,
      },
    });
    this.nodes.set(node, { auth, dataSource });
  }

  private async login(node: Node): Promise<void> {
    const is = this.model.login(this.now);
    const obtained = await this.on(node).auth.service.tokenAuth({ username: "alice", password: "any" });
    this.ids.push(String(obtained.payload["sid"]));
    this.keep(obtained, is);
  }

  private async refresh(node: Node, presented: Presented, successor: boolean): Promise<void> {
    const expected = this.model.refresh(presented.is, this.now, successor);
    const { service } = this.on(node).auth;
    const answer = await orCode(service.refreshToken({ refreshToken: presented.refresh }, undefined, { successor }));
    this.compare(answer, expected);
  }

  /** Several clients at once, on both servers. Without a grace period it is a matter of luck what becomes of the losers. */
  private async race(presented: Presented, clients: number): Promise<void> {
    if (this.settings.grace === 0) return this.refresh("first", presented, true);
    const expected = Array.from({ length: clients }, () => this.model.refresh(presented.is, this.now, true));
    const answers = await Promise.all(
      expected.map((_, index) => {
        const { service } = this.on(index % 2 === 0 ? "first" : "second").auth;
        return orCode(service.refreshToken({ refreshToken: presented.refresh }));
      }),
    );
    for (const [index, answer] of answers.entries()) this.compare(answer, expected[index] ?? "");
  }

  private async revoke(node: Node, presented: Presented): Promise<void> {
    const expected = this.model.revoke(presented.is, this.now);
    const { service } = this.on(node).auth;
    const answer = await orCode(service.revokeToken({ refreshToken: presented.refresh }));
    expect(typeof answer === "string" ? answer : "revoked").to.equal(expected);
  }

  /** An access token lives as long as its session does, and five minutes at most. */
  private async use(node: Node, { access, issued, is }: Presented): Promise<void> {
    const expired = Math.floor(this.now / SECOND) >= Math.floor((issued + ACCESS_LIFETIME) / SECOND);
    const expected = expired ? "TOKEN_EXPIRED" : this.model.of(is).live ? "alice" : "INVALID_TOKEN";
    const answer = await orCode(this.on(node).auth.service.identify(access));
    expect(typeof answer === "string" ? answer : answer.user?.username).to.equal(expected);
  }

  private compare(answer: Answer | string, expected: ModelToken | string): void {
    if (typeof expected === "string" || typeof answer === "string") {
      this.counts.refused += 1;
      return void expect(typeof answer === "string" ? answer : "refreshed").to.equal(expected);
    }
    this.counts.refreshed += 1;
    // The same token for the same generation, another for another: that is what "no second branch" means.
    const same = this.tokens.find(({ is }) => is.session === expected.session && is.generation === expected.generation);
    if (same) expect(answer.refreshToken).to.equal(same.refresh);
    else expect(this.tokens.map(({ refresh }) => refresh)).to.not.include(answer.refreshToken);
    this.keep(answer, expected);
  }

  private keep({ token: access, refreshToken: refresh = "" }: Answer, is: ModelToken): void {
    this.tokens.push({ refresh, access, issued: this.now, is });
  }

  private get now(): number {
    return this.clock.now().getTime();
  }

  private on(node: Node): { auth: Auth; dataSource: DataSource } {
    const found = this.nodes.get(node);
    if (!found) throw new Error(`${node} does not run`);
    return found;
  }
}

type Presented = { refresh: string; access: string; issued: number; is: ModelToken };
type Answer = { readonly token: string; readonly refreshToken?: string };

async function orCode<T>(answer: Promise<T>): Promise<T | string> {
  return answer.catch((error: unknown) => {
    const { code } = publicError(error);
    if (code === "INTERNAL_SERVER_ERROR") throw error;
    return code;
  });
}
