import type { DataSource } from "typeorm";
import { type Auth, createAuth } from "../create-auth.js";
import { type Clock, systemClock } from "../clock.js";
import { createDataSource } from "../database/data-source.js";
import type { Logger } from "../logger.js";
import { RefreshToken } from "../sessions/refresh-token.js";
import { createSettings } from "../settings/create-settings.js";
import type { JwtSettingsInput } from "../settings/input.js";
import { PasswordHasher } from "../users/password-hasher.js";
import { TypeOrmUsers } from "../users/typeorm-users.js";
import type { UserAccount } from "../users/user-account.js";
import { User } from "../users/user.js";
import { defaultDatabaseUrl, keptSecretKey, makeDataDirectory } from "./data-directory.js";
import { readServerConfig, type ServerConfig } from "./server-config.js";

/** What the server and the command line work on: the same settings, database and data folder. */
export interface Application {
  readonly config: ServerConfig & { readonly databaseUrl: string };
  readonly dataSource: DataSource;
  readonly users: TypeOrmUsers;
  readonly auth: Auth<UserAccount>;
  /** Closes the database. */
  close(): Promise<void>;
}

export interface ApplicationOptions {
  /** Where `HOST`, `DATABASE_URL`, `JWT_*` and the rest are read from, for example `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settings given in code, handlers for example. They win over the environment. */
  readonly settings?: JwtSettingsInput;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Parameters of argon2 can be cheaper in tests. */
  readonly hasher?: PasswordHasher;
}

/**
 * Opens the database and builds the auth service, in the hardened profile unless the environment says otherwise.
 *
 * @throws SettingsError, DatabaseUrlError, ServiceUnavailableError: what the operator has to look at
 */
export async function openApplication(options: ApplicationOptions): Promise<Application> {
  const { environment, settings: values = {}, logger, clock = systemClock, hasher = new PasswordHasher() } = options;
  const config = await completeConfig(readServerConfig(environment));
  // Before the database is opened: a wrong setting is the operator's most likely mistake, and the cheapest to find.
  const sources = { environment, secretKey: config.secretKey, defaultProfile: "hardened" } as const;
  const { settings } = await createSettings({ ...sources, values });
  const model = settings.refreshTokenModel ?? RefreshToken;
  const dataSource = createDataSource({ url: config.databaseUrl, entities: [User, model], logger });
  await dataSource.initialize();
  try {
    const naturalKey = settings.usernameField === "email" ? "email" : "username";
    const users = new TypeOrmUsers(dataSource, hasher, { naturalKey });
    const auth = await createAuth({ ...sources, settings: values, users, dataSource, clock, logger });
    return { config, dataSource, users, auth, close: () => dataSource.destroy() };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

type CompleteConfig = ServerConfig & { readonly databaseUrl: string; readonly secretKey: string };

/** Puts what the data folder holds where the environment says nothing; the folder is made only if it is needed. */
async function completeConfig(config: ServerConfig): Promise<CompleteConfig> {
  const { dataDirectory } = config;
  if (!config.databaseUrl || !config.secretKey) await makeDataDirectory(dataDirectory);
  return {
    ...config,
    databaseUrl: config.databaseUrl ?? defaultDatabaseUrl(dataDirectory),
    secretKey: config.secretKey ?? (await keptSecretKey(dataDirectory)),
  };
}
