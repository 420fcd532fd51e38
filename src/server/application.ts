import type { DataSource } from "typeorm";
import { type Auth, createAuth } from "../create-auth.js";
import { type Clock, systemClock } from "../clock.js";
import { connect } from "../database/connect.js";
import { createDataSource, type DatabaseClass, describeDatabase } from "../database/data-source.js";
import { parseDatabaseUrl } from "../database/database-url.js";
import { EntityTable } from "../database/entity-table.js";
import type { LimiterFactory } from "../limits/limiter-factory.js";
import { LoginAttempt } from "../limits/login-attempt.js";
import type { Logger } from "../logger.js";
import { RefreshToken } from "../sessions/refresh-token.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import { TypeOrmRefreshTokens } from "../sessions/typeorm-refresh-tokens.js";
import type { NameOf } from "../settings/contradiction.js";
import type { JwtSettingsInput } from "../settings/input.js";
import type { SetTimer } from "../timer.js";
import { PasswordHasher } from "../users/password-hasher.js";
import { TypeOrmUsers } from "../users/typeorm-users.js";
import type { UserAccount } from "../users/user-account.js";
import { User } from "../users/user.js";
import { defaultDatabaseUrl, makeDataDirectory } from "./data-directory.js";
import { JoinedLookup } from "./joined-lookup.js";
import { keptSecretKey } from "./kept-secret-key.js";
import { readServerConfig, type ServerConfig } from "./server-config.js";
import { readServerSettings, SERVER_PROFILE, serverValues } from "./server-settings.js";

/** What the server and the command line work on: the same settings, database and data folder. */
export interface Application {
  readonly config: ServerConfig & { readonly databaseUrl: string };
  readonly dataSource: DataSource;
  readonly users: TypeOrmUsers;
  readonly refreshTokens: RefreshTokenRepository;
  readonly auth: Auth<UserAccount>;
  /** How each setting was spelled. */
  readonly nameOf: NameOf;
  /** What the operator should know, in words: weak settings, and what will not do beyond one server. They are logged too. */
  readonly warnings: readonly string[];
  /** Closes the database. Closing it again does nothing. */
  close(): Promise<void>;
}

export interface ApplicationOptions {
  /** Where `HOST`, `DATABASE_URL`, `JWT_*` and the rest are read from, for example `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settings given in code, handlers for example. They win over the environment. */
  readonly settings?: JwtSettingsInput;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly setTimer?: SetTimer;
  /** Parameters of argon2 can be cheaper in tests. */
  readonly hasher?: PasswordHasher;
  /** See `createAuth`. */
  readonly loginLimiters?: LimiterFactory | undefined;
  /** See `createDataSource`. */
  readonly silenceLimit?: number;
}

/**
 * Opens the database and builds the auth service, in the hardened profile unless the environment says otherwise.
 *
 * @throws SettingsError, DatabaseUrlError, DatabaseConnectError: what the operator has to look at
 */
export async function openApplication(options: ApplicationOptions): Promise<Application> {
  const { environment, settings: values = {}, logger, clock = systemClock, setTimer, silenceLimit } = options;
  const { hasher = new PasswordHasher(), loginLimiters } = options;
  const given = readServerConfig(environment);
  const isGivenKey = values.secretKey !== undefined || Boolean(environment["JWT_SECRET_KEY"]);
  const config = await completeConfig(given, isGivenKey);
  // Before the database is opened: a wrong setting is the operator's most likely mistake, and the cheapest to find.
  const { settings, nameOf } = await readServerSettings({ environment, values, secretKey: config.secretKey });
  const model = (settings.refreshTokenModel ?? RefreshToken) as typeof RefreshToken & DatabaseClass;
  const dataSource = createDataSource({
    url: config.databaseUrl,
    entities: [User, model, LoginAttempt],
    logger,
    ...(silenceLimit !== undefined && { silenceLimit }),
  });
  await connect(dataSource, describeDatabase(config.databaseUrl));
  try {
    const naturalKey = settings.usernameField === "email" ? "email" : "username";
    const users = new TypeOrmUsers(dataSource, hasher, { naturalKey });
    const refreshTokens = new TypeOrmRefreshTokens(dataSource, model);
    const auth = await createAuth<UserAccount>({
      users,
      environment,
      settings: serverValues({ environment, values }),
      ...(config.secretKey !== undefined && { secretKey: config.secretKey }),
      defaultProfile: SERVER_PROFILE,
      dataSource,
      // A table of one's own may be collated in another way, and then MySQL does not join it.
      ...(model === RefreshToken && { identities: new JoinedLookup(users, new EntityTable(dataSource, RefreshToken)) }),
      loginLimiters,
      clock,
      setTimer,
      logger,
    });
    const warnings = [...auth.warnings, ...logged(clusterWarnings(given, config), logger)];
    return { config, dataSource, users, refreshTokens, auth, nameOf, warnings, close: () => closeOnce(dataSource) };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

type CompleteConfig = ServerConfig & { readonly databaseUrl: string };

/**
 * Puts what the data folder holds where the environment says nothing; the folder is made only if it is needed.
 * The setting `secretKey` stands in for the secret key, or servers that share it would each sign refresh tokens with
 * another.
 */
async function completeConfig(config: ServerConfig, isGivenKey: boolean) {
  const { dataDirectory, databaseUrl, secretKey } = config;
  const makesKey = !secretKey && !isGivenKey;
  if (!databaseUrl || makesKey) await makeDataDirectory(dataDirectory);
  return {
    ...config,
    databaseUrl: databaseUrl ?? defaultDatabaseUrl(dataDirectory),
    secretKey: makesKey ? await keptSecretKey(dataDirectory) : secretKey,
  } satisfies CompleteConfig;
}

function clusterWarnings(given: ServerConfig, { databaseUrl, secretKey, dataDirectory }: CompleteConfig): string[] {
  if (given.secretKey === secretKey || parseDatabaseUrl(databaseUrl).type === "sqlite") return [];
  return [
    `SECRET_KEY is not set: the one in ${dataDirectory} is this server's own, others on this database need it too`,
  ];
}

function logged(warnings: readonly string[], logger: Logger): readonly string[] {
  for (const warning of warnings) logger.warn({}, warning);
  return warnings;
}

async function closeOnce(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}
