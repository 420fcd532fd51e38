import { expect } from "chai";
import type { DataSource } from "typeorm";
import {
  type AuthUser,
  assertAllowed,
  createAuth,
  HandlerError,
  type JwtSettingsInput,
  RefreshToken,
  TokenExpiredError,
} from "../../src/index.js";
import { DataSources } from "../database/open-data-source.js";
import { forge, SECRET_KEY } from "../support/forge.js";
import { rejection } from "../support/rejection.js";

const ALICE: AuthUser = { id: "1", username: "alice", isActive: true };
const LOGIN = { username: "alice", password: "secret" };
const users = { findByNaturalKey: async () => ALICE, checkPassword: async () => true };

type Name = keyof JwtSettingsInput & `${string}Handler`;

/** Handlers, what is said of answers of theirs that make no sense, and such answers. */
const HANDLERS: [name: Name, problem: string, nonsense: unknown[]][] = [
  ["payloadHandler", "has to answer a payload", [undefined, null, "alice", [], 5]],
  ["encodeHandler", "has to answer a token", [undefined, null, "", 5, {}]],
  ["decodeHandler", "has to answer a payload", [undefined, null, "alice", ["alice"]]],
  [
    "getUserByNaturalKeyHandler",
    "has to answer a user or null",
    [
      undefined,
      "alice",
      {},
      { isActive: "yes" },
      [],
      { ...ALICE, id: true },
      { ...ALICE, roles: "editor" },
      { ...ALICE, permissions: null },
    ],
  ],
  ["refreshExpiredHandler", "has to answer true or false", [undefined, null, 0, "no", {}]],
  ["getRefreshTokenHandler", "has to answer a refresh token entity or null", [undefined, "alice", {}, { id: 5 }]],
];

describe("the handlers of the settings", () => {
  const dataSources = new DataSources();
  let dataSource: DataSource;
  before(async () => {
    dataSource = await dataSources.migrated("sqlite::memory:");
  });
  after(() => dataSources.close());

  async function service(settings: JwtSettingsInput) {
    const longRunningRefreshToken = true;
    const secretKey = SECRET_KEY;
    return (await createAuth({ users, secretKey, dataSource, settings: { longRunningRefreshToken, ...settings } }))
      .service;
  }

  /** Does everything that asks a handler. */
  async function useAll(settings: JwtSettingsInput): Promise<void> {
    const { refreshToken } = await (await service({})).tokenAuth(LOGIN);
    const configured = await service(settings);
    await configured.tokenAuth(LOGIN);
    await configured.identify(forge({ username: "alice" }));
    await configured.refreshToken({ refreshToken });
  }

  async function failureOf(name: Name, handler: () => unknown): Promise<unknown> {
    return useAll({ [name]: handler }).then(
      () => expect.fail("nothing failed"),
      (error: unknown) => error,
    );
  }

  for (const [name, problem, nonsense] of HANDLERS) {
    it(`are named when they answer nonsense: ${name}`, async () => {
      for (const answer of nonsense) {
        const error = await failureOf(name, () => answer);
        expect(error, JSON.stringify(answer)).to.be.instanceOf(HandlerError);
        expect((error as Error).message).to.equal(`The handler in the setting ${name} ${problem}.`);
      }
    });

    it(`are named when they throw: ${name}`, async () => {
      const cause = new Error("the handler's own");
      const error = await failureOf(name, () => Promise.reject(cause));
      expect(error).to.be.instanceOf(HandlerError);
      expect((error as Error).message).to.equal(`The handler in the setting ${name} threw an error.`);
      expect((error as Error).cause).to.equal(cause);
    });

    it(`may answer with an error for the client: ${name}`, async () => {
      const error = new TokenExpiredError();
      expect(await failureOf(name, () => Promise.reject(error))).to.equal(error);
    });
  }

  it("may answer a user whose id is a number", async () => {
    const numbered = { ...ALICE, id: 1 };
    const configured = await service({ getUserByNaturalKeyHandler: () => numbered });
    expect((await configured.identify(forge({ username: "alice" }))).user).to.equal(numbered);
  });

  it("may answer a user with roles and permissions, which the rules see", async () => {
    const answered = { ...ALICE, roles: ["editor"], permissions: ["recipes.edit"] };
    const configured = await service({ getUserByNaturalKeyHandler: async () => answered });
    const { user } = await configured.identify(forge({ username: "alice" }));
    expect(user).to.equal(answered);
    const subject = { args: {}, root: undefined };
    for (const rule of ["editor", "perm:recipes.edit"]) {
      expect(await assertAllowed(user, [rule], subject)).to.equal(answered);
    }
    for (const rule of ["edit", "recipes.edit", "perm:recipes", "perm:editor"]) {
      expect(await rejection(assertAllowed(user, [rule], subject))).to.include({ code: "FORBIDDEN" });
    }
  });

  it("give a user without a natural key to be seen by the operator, not the client", async () => {
    const error = await failureOf("getUserByNaturalKeyHandler", () => ({ id: "1", isActive: true }));
    expect((error as Error).message).to.equal(
      'The user has no text in the property "username" (setting usernameField).',
    );
  });
});

describe("refresh tokens of another make, which getRefreshTokenHandler finds", () => {
  const dataSources = new DataSources();
  let dataSource: DataSource;
  before(async () => {
    dataSource = await dataSources.migrated("sqlite::memory:");
  });
  after(() => dataSources.close());

  /** A service whose handler knows one token of an older system, and the session that stands for it. */
  async function migrating(settings: JwtSettingsInput = {}) {
    const ours = await createAuth({
      users,
      secretKey: SECRET_KEY,
      dataSource,
      settings: { longRunningRefreshToken: true, ...settings },
    });
    await ours.service.tokenAuth(LOGIN);
    const [session] = await dataSource.getRepository(RefreshToken).find({ order: { id: "DESC" }, take: 1 });
    const id = session?.id ?? "";
    const { service } = await createAuth({
      users,
      secretKey: SECRET_KEY,
      dataSource,
      settings: {
        longRunningRefreshToken: true,
        ...settings,
        getRefreshTokenHandler: (_model, token) =>
          token === "0123456789" ? dataSource.getRepository(RefreshToken).findOneBy({ id }) : null,
      },
    });
    return { service, id };
  }

  const revokedOf = async (id: string) => (await dataSource.getRepository(RefreshToken).findOneBy({ id }))?.revoked;

  it("are answered back where tokens do not rotate", async () => {
    const { service, id } = await migrating();
    const { refreshToken } = await service.refreshToken({ refreshToken: "0123456789" });
    expect(refreshToken).to.equal("0123456789");
    expect(await revokedOf(id)).to.equal(null);
  });

  it("are exchanged once for one of ours where tokens rotate, in a session of its own", async () => {
    const { service, id } = await migrating({ reuseRefreshTokens: true });
    const refresh = () => service.refreshToken({ refreshToken: "0123456789" });
    const outcomes = await Promise.allSettled([refresh(), refresh(), refresh()]);
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(won).to.have.length(1);
    expect(won[0]?.value.refreshToken).to.match(/^[\w-]{75}$/);
    expect(await revokedOf(id)).to.be.instanceOf(Date);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).to.include({ code: "INVALID_REFRESH_TOKEN" });
    }
  });

  it("can be revoked, and are refused when the handler does not know them", async () => {
    const { service, id } = await migrating();
    await service.revokeToken({ refreshToken: "0123456789" });
    expect(await revokedOf(id)).to.be.instanceOf(Date);
    for (const refreshToken of ["0123456789", "9876543210"]) {
      const outcome: unknown = await service.refreshToken({ refreshToken }).catch((error: unknown) => error);
      expect(outcome).to.include({ code: "INVALID_REFRESH_TOKEN", message: "Invalid refresh token" });
    }
  });
});
