import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuthEventName, EventContext, JwtSettingsInput } from "../../src/index.js";
import { AUTH_EVENTS } from "../../src/auth/events.js";
import { createServer, type JanusServer } from "../../src/server/index.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import type { TokenAuthOutput } from "../../src/trpc/auth-router-types.js";
import type { NewUser } from "../../src/users/new-user.js";
import type { UserAccount } from "../../src/users/user-account.js";
import { User } from "../../src/users/user.js";
import { CountingHasher } from "./counting-hasher.js";
import { dataOf, type Face, graphqlFace, trpcFace } from "./faces.js";
import { forge, type Forgery, SECRET_KEY } from "./forge.js";
import { TestClock } from "./test-clock.js";
import { TestTimers } from "./test-timers.js";

/** When every test begins, and the same in Unix seconds. */
export const START = "2024-01-01T00:00:00Z";
export const NOW = 1_704_067_200;

/** The password of every user that a context creates, unless the test says otherwise. */
export const PASSWORD = "s3cret-Passw0rd";

/** An event that the server told of, with its name. */
export interface RecordedEvent extends EventContext {
  readonly name: AuthEventName;
  readonly user: string;
  readonly session?: string | undefined;
}

/** A user who has logged in. */
export interface Login {
  readonly username: string;
  readonly token: string;
  /** Empty in single-token mode. */
  readonly refreshToken: string;
  /** The session that the access token names. */
  readonly sid: unknown;
}

/**
 * The bundled server for one suite: it registers the hooks that start and stop it. Before each test the clock is set
 * back to `START`, and what was recorded is forgotten; users stay, so each test creates its own.
 *
 * @param environment beside what the context sets: `SECRET_KEY`, `PORT`, the database
 * @param createDatabase of `onEachDatabase`; by default SQLite in a folder of its own
 */
export function testContext(
  environment: Readonly<Record<string, string>> = {},
  createDatabase?: () => Promise<string>,
): TestContext {
  const context = new TestContext(environment, createDatabase);
  before(() => context.start());
  beforeEach(() => context.reset());
  after(() => context.stop());
  return context;
}

export class TestContext {
  readonly clock = new TestClock(START);
  readonly timers = new TestTimers(this.clock);
  readonly hasher = new CountingHasher();
  readonly graphql: Face = graphqlFace(() => this);
  readonly trpc: Face = trpcFace(() => this);
  /** Both, for tables of cases. */
  readonly faces: readonly Face[] = [this.graphql, this.trpc];
  /** What happened since the test began. */
  readonly events: RecordedEvent[] = [];
  /** What was logged since the test began: one object a line. */
  readonly log: Record<string, unknown>[] = [];

  private running: JanusServer | undefined;
  private directory: string | undefined;
  private users = 0;

  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly createDatabase: (() => Promise<string>) | undefined,
    private readonly settings: JwtSettingsInput = {},
  ) {}

  async start(): Promise<void> {
    this.directory = await mkdtemp(join(tmpdir(), "janus-context-"));
    this.running = await createServer({
      environment: {
        PORT: "0",
        JANUS_DATA_DIR: this.directory,
        SECRET_KEY,
        // All tests of a suite are from one address, at one time.
        JWT_LOGIN_LIMIT_PER_ADDRESS: "none",
        ...(this.createDatabase && { DATABASE_URL: await this.createDatabase() }),
        ...this.environment,
      },
      settings: this.settings,
      clock: this.clock,
      setTimer: this.timers.set,
      hasher: this.hasher,
      logStream: { write: (line) => void this.log.push(JSON.parse(line) as Record<string, unknown>) },
    });
    const { events } = this.running.application.auth;
    for (const name of AUTH_EVENTS) {
      events.on(name, (event: Omit<RecordedEvent, "name">) => void this.events.push({ name, ...event }));
    }
  }

  reset(): void {
    this.clock.set(START);
    this.forget();
  }

  /** Forgets what was recorded so far. */
  forget(): void {
    this.events.length = 0;
    this.log.length = 0;
    this.hasher.runs = 0;
  }

  async stop(): Promise<void> {
    await this.running?.close();
    if (this.directory !== undefined) await rm(this.directory, { recursive: true, force: true });
  }

  get server(): JanusServer {
    if (!this.running) throw new Error("the server is for hooks and tests");
    return this.running;
  }

  get url(): string {
    return this.server.url;
  }

  get hasRefreshTokens(): boolean {
    const { longRunningRefreshToken, allowRefresh } = this.server.application.auth.settings;
    return longRunningRefreshToken && allowRefresh;
  }

  get hidesTokens(): boolean {
    return this.server.application.auth.settings.hideTokenFields;
  }

  /** Creates a user with a name of its own and the password `PASSWORD`, then forgets what was recorded. */
  async createUser(user: Partial<NewUser> = {}): Promise<UserAccount> {
    this.users += 1;
    const newUser = { username: `user-${this.users}`, password: PASSWORD, ...user };
    const account = await this.server.application.users.create(newUser, this.clock.now());
    this.forget();
    return account;
  }

  /** Creates a user and logs in, then forgets what was recorded. */
  async login(user: Partial<NewUser> = {}): Promise<Login> {
    const { username } = await this.createUser(user);
    const { token, refreshToken = "", payload } = await this.loginAgain(username);
    return { username, token, refreshToken, sid: payload["sid"] };
  }

  /** Opens another session for a user, then forgets what was recorded. */
  async loginAgain(username: string): Promise<TokenAuthOutput> {
    const obtained = dataOf(await this.trpc.tokenAuth({ username, password: PASSWORD }));
    this.forget();
    return obtained;
  }

  /** The rows of a user's sessions, oldest first. */
  async sessionsOf(username: string): Promise<RefreshToken[]> {
    const rows = this.server.application.dataSource.getRepository(RefreshToken);
    return rows.find({ where: { user: username }, order: { id: "ASC" } });
  }

  /** Changes columns of a user behind the server's back, as another process would. */
  async changeUser(username: string, columns: Partial<User>): Promise<void> {
    await this.server.application.dataSource.getRepository(User).update({ username }, columns);
  }

  async deleteUser(username: string): Promise<void> {
    await this.server.application.dataSource.getRepository(User).delete({ username });
  }

  /** A token as another holder of the key would sign it; by default good for another minute. */
  token(payload: Readonly<Record<string, unknown>>, forgery?: Forgery): string {
    const seconds = Math.floor(this.clock.now().getTime() / 1000);
    return forge({ exp: seconds + 60, origIat: seconds, ...payload }, forgery);
  }

  /** The names of the events, in order. */
  get eventNames(): AuthEventName[] {
    return this.events.map(({ name }) => name);
  }
}
