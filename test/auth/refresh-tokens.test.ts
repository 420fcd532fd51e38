import { createSecretKey } from "node:crypto";
import { expect } from "chai";
import type { DataSource } from "typeorm";
import { type AuthEventName, AuthEvents } from "../../src/auth/events.js";
import { ParallelLookup } from "../../src/auth/identity-lookup.js";
import { RefreshTokens } from "../../src/auth/refresh-tokens.js";
import { Users } from "../../src/auth/users.js";
import type { AuthUser } from "../../src/auth-user.js";
import { silentLogger } from "../../src/logger.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { JwtSettings } from "../../src/settings/jwt-settings.js";
import { RefreshTokenCodec } from "../../src/tokens/refresh-token-codec.js";
import { DataSources } from "../database/open-data-source.js";
import { onEachDatabase } from "../support/databases.js";

const ALICE: AuthUser & { username: string } = { id: "1", username: "alice", isActive: true };
const NOW = new Date("2024-01-01T00:00:00Z");
const INVALID = { code: "INVALID_REFRESH_TOKEN", message: "Invalid refresh token" };

/** The real repository, with something that happens between the look at a session and what is done with it. */
class Interrupted extends TypeOrmRefreshTokens {
  afterLook: (() => Promise<unknown>) | undefined;
  afterEnd: (() => Promise<unknown>) | undefined;

  override async findByHash(hash: Buffer): Promise<RefreshToken | null> {
    const found = await super.findByHash(hash);
    await this.afterLook?.();
    return found;
  }

  override async revoke(...session: [id: string, at: Date, user?: string]): Promise<boolean> {
    const ended = await super.revoke(...session);
    await this.afterEnd?.();
    return ended;
  }

  /** From now on, each of the next `count` lookers goes on only when all have looked. */
  meet(count: number): void {
    let everyoneIsHere = (): void => {};
    const meeting = new Promise<void>((resolve) => (everyoneIsHere = resolve));
    let here = 0;
    this.afterLook = () => {
      here += 1;
      if (here === count) everyoneIsHere();
      return meeting;
    };
  }

  /** `happen` happens after the next look, once. */
  onceAfterLook(happen: () => Promise<unknown>): void {
    this.afterLook = () => {
      this.afterLook = undefined;
      return happen();
    };
  }
}

function setUp(dataSource: DataSource, refreshGracePeriod: number) {
  const settings = Object.assign(new JwtSettings(), { reuseRefreshTokens: true, refreshGracePeriod });
  const repository = new Interrupted(dataSource);
  const codec = new RefreshTokenCodec(createSecretKey(Buffer.alloc(64, 1)), []);
  const users = new Users(settings, { findByNaturalKey: async () => ALICE, checkPassword: async () => true });
  const events = new AuthEvents(silentLogger);
  const heard: AuthEventName[] = [];
  for (const name of ["refreshTokenRotated", "refreshTokenRevoked", "refreshTokenReplayed"] as const) {
    events.on(name, () => void heard.push(name));
  }
  const identities = new ParallelLookup(users, repository);
  const refreshTokens = new RefreshTokens({ repository, identities, codec, model: RefreshToken, users, events });
  const call = { settings, now: NOW, request: undefined };
  return {
    repository,
    codec,
    heard,
    call,
    refreshTokens,
    open: () => refreshTokens.open("alice", call),
    refresh: (token: string) => refreshTokens.refresh(token, call, { successor: true }),
  };
}

async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error,
  );
}

onEachDatabase("a refresh that loses a race", (createDatabase) => {
  const dataSources = new DataSources();
  let dataSource: DataSource;

  before(async () => {
    dataSource = await dataSources.migrated(await createDatabase());
  });
  after(() => dataSources.close());

  it("gets the winner's successor in the grace period", async () => {
    const { repository, heard, open, refresh } = setUp(dataSource, 10);
    const { refreshToken, session } = await open();
    repository.meet(5);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => refresh(refreshToken)));
    expect(new Set(outcomes.map((outcome) => outcome.refreshToken)).size).to.equal(1);
    expect(await repository.findById(session.id)).to.include({ generation: 1, revoked: null });
    expect(heard).to.deep.equal(["refreshTokenRotated"]);
    repository.afterLook = undefined;
    expect((await refresh(outcomes[4]?.refreshToken ?? "")).session.id).to.equal(session.id);
  });

  it("is refused without a grace period, and the session goes on: a race is no theft", async () => {
    const { repository, heard, open, refresh } = setUp(dataSource, 0);
    const { refreshToken, session } = await open();
    repository.meet(5);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => refresh(refreshToken)));
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
    const lost = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(won).to.have.length(1);
    for (const { reason } of lost) expect(reason).to.include(INVALID);
    expect(await repository.findById(session.id)).to.include({ generation: 1, revoked: null });
    expect(heard).to.deep.equal(["refreshTokenRotated"]);
    repository.afterLook = undefined;
    await refresh(won[0]?.value.refreshToken ?? "");
  });

  it("is refused when the session was rotated twice meanwhile, also in the grace period", async () => {
    const { repository, open, refresh, heard } = setUp(dataSource, 10);
    const { refreshToken, session } = await open();
    repository.onceAfterLook(async () => refresh((await refresh(refreshToken)).refreshToken));
    expect(await failureOf(refresh(refreshToken))).to.include(INVALID);
    expect(await repository.findById(session.id)).to.include({ generation: 2, revoked: null });
    expect(heard).to.deep.equal(["refreshTokenRotated", "refreshTokenRotated"]);
  });

  it("is refused when the session was revoked or deleted meanwhile", async () => {
    const { repository, open, refresh, heard } = setUp(dataSource, 10);
    const revoked = await open();
    repository.onceAfterLook(() => repository.revoke(revoked.session.id, NOW));
    expect(await failureOf(refresh(revoked.refreshToken))).to.include(INVALID);
    const deleted = await open();
    repository.onceAfterLook(() => dataSource.getRepository(RefreshToken).delete({ id: deleted.session.id }));
    expect(await failureOf(refresh(deleted.refreshToken))).to.include(INVALID);
    expect(heard).to.deep.equal([]);
  });

  it("is one of two revocations: the session ends once", async () => {
    const { repository, open, refreshTokens, call, heard } = setUp(dataSource, 10);
    const { refreshToken } = await open();
    repository.meet(2);
    const outcomes = await Promise.allSettled([1, 2].map(() => refreshTokens.revoke(refreshToken, call)));
    expect(outcomes.map(({ status }) => status)).to.have.members(["fulfilled", "rejected"]);
    expect(heard).to.deep.equal(["refreshTokenRevoked"]);
  });

  describe("for an exchange of a token of another make with the end of all sessions", () => {
    /** A refresh with such a token, whose session has been found when `happen` happens. */
    async function exchange(happen: (repository: Interrupted) => unknown) {
      const { repository, call, open, refresh } = setUp(dataSource, 10);
      const { session } = await open();
      const getRefreshTokenHandler = async () => {
        const found = await repository.findById(session.id);
        await happen(repository);
        return found;
      };
      Object.assign(call.settings, { getRefreshTokenHandler });
      return { repository, exchanged: refresh("0123456789") };
    }
    const endAll = (repository: Interrupted) => repository.revokeAll("alice", NOW);

    it("is refused, and leaves none", async () => {
      const { repository, exchanged } = await exchange(endAll);
      expect(await failureOf(exchanged)).to.include(INVALID);
      expect(await repository.findUnrevoked("alice", 1)).to.deep.equal([]);
    });

    it("leaves none either when its own session was ended first", async () => {
      const { repository, exchanged } = await exchange((interrupted) => {
        interrupted.afterEnd = () => endAll(interrupted);
      });
      await exchanged;
      expect(await repository.findUnrevoked("alice", 1)).to.deep.equal([]);
    });
  });

  it("is no replay when the token is of a generation that the session has not reached", async () => {
    const { codec, repository, open, refresh, heard } = setUp(dataSource, 10);
    const { refreshToken, session } = await open();
    const random = codec.parse(refreshToken)?.random ?? Buffer.alloc(0);
    expect(await failureOf(refresh(codec.issue(random, 1)))).to.include(INVALID);
    expect(await repository.findById(session.id)).to.include({ generation: 0, revoked: null });
    expect(heard).to.deep.equal([]);
  });
});
