import type { FastifyBaseLogger } from "fastify";
import { type Clock, systemClock } from "../clock.js";
import { migrate } from "../database/migrate.js";
import { issuesRefreshTokens } from "../auth/long-running.js";
import { buildAuthSchema } from "../graphql/schema.js";
import type { JwtSettingsInput } from "../settings/input.js";
import { appRouter } from "../trpc/auth-router.js";
import type { PasswordHasher } from "../users/password-hasher.js";
import { type SetTimer, unrefTimer } from "../timer.js";
import { type Application, openApplication } from "./application.js";
import { createFirstUser, type FirstUser } from "./first-user.js";
import { createHttpServer } from "./http-server.js";
import { listen } from "./listen.js";
import { createLogger, type LogStream } from "./logging.js";
import { assertTableExists } from "./model-table.js";
import { readPage } from "./page/read-page.js";
import type { connectRedis, RedisConnection } from "./redis-connection.js";
import { readServerConfig } from "./server-config.js";
import { TokenClearing } from "./token-clearing.js";

/** How long a request waits for an answer of the database, milliseconds. No statement of a request takes as long. */
const SILENCE_LIMIT = 5_000;

export interface ServerOptions {
  /** Where `HOST`, `PORT`, `DATABASE_URL`, `JWT_*` and the rest are read from, for example `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settings given in code, handlers for example. They win over the environment. */
  readonly settings?: JwtSettingsInput;
  /** Where log lines go. By default standard error. */
  readonly logStream?: LogStream;
  readonly clock?: Clock;
  /** What waits on open sockets. By default Node's timer. */
  readonly setTimer?: SetTimer;
  /** By default argon2id with 19 MiB; tests can be cheaper. */
  readonly hasher?: PasswordHasher;
}

/** A server that listens. */
export interface JanusServer {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly application: Application;
  readonly logger: FastifyBaseLogger;
  /** The superuser that this start made because there was no user; the password is known only here. */
  readonly firstUser: FirstUser | null;
  /** Whether there is a page at `/`. */
  readonly hasPage: boolean;
  /** The migrations that this start applied. */
  readonly migrations: readonly string[];
  /** Stops: running requests finish, new ones are refused, then the database closes. */
  close(): Promise<void>;
}

/**
 * Starts the bundled server: opens and migrates the database, listens, and makes a first user if there is none.
 *
 * @throws SettingsError, DatabaseUrlError, DatabaseConnectError, ListenError: what the operator has to look at
 */
export async function createServer(options: ServerOptions): Promise<JanusServer> {
  const { environment, settings = {}, clock = systemClock, setTimer = unrefTimer, hasher } = options;
  const { logLevel, redisUrl } = readServerConfig(environment);
  const logger = createLogger(logLevel, options.logStream);
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl, logger, clock);
  try {
    const application = await openApplication({
      environment,
      settings,
      logger,
      clock,
      setTimer,
      ...(hasher && { hasher }),
      loginLimiters: redis?.limiters,
      silenceLimit: SILENCE_LIMIT,
    });
    return await startOrClose(application, { logger, clock, setTimer, redis });
  } catch (error) {
    redis?.close();
    throw error;
  }
}

/** Its client is loaded where it is used: it is a tenth of a start. */
async function openRedis(...parts: Parameters<typeof connectRedis>): Promise<RedisConnection> {
  return (await import("./redis-connection.js")).connectRedis(...parts);
}

/** What a server has beside its application. */
interface Surroundings {
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
  readonly setTimer: SetTimer;
  readonly redis: RedisConnection | undefined;
}

async function startOrClose(application: Application, surroundings: Surroundings): Promise<JanusServer> {
  try {
    return await start(application, surroundings);
  } catch (error) {
    await application.close();
    throw error;
  }
}

async function start(application: Application, { logger, clock, setTimer, redis }: Surroundings): Promise<JanusServer> {
  const { auth, config, dataSource, refreshTokens, users, nameOf } = application;
  const { settings } = auth;
  const migrations = await migrate(dataSource);
  if (settings.refreshTokenModel && issuesRefreshTokens(settings)) {
    await assertTableExists(dataSource, settings.refreshTokenModel, nameOf);
  }
  const schema = await buildAuthSchema(settings);
  await auth.assertRules({ resolvers: [...auth.resolvers, ...auth.subscriptionResolvers], schema, router: appRouter });
  const page = config.page ? await readPage(logger) : undefined;
  const http = await createHttpServer({ auth, schema, dataSource, logger, network: config, setTimer, page });
  const clearing = new TokenClearing({ settings, refreshTokens, clock, logger });
  http.addHook("onClose", async () => {
    await clearing.stop();
    await application.close();
    redis?.close();
  });
  try {
    const url = await listen(http, config);
    clearing.start();
    // Not before it listens: the password of a user whom a failed start had made would be known to nobody.
    const firstUser = await createFirstUser(users, settings, clock.now());
    return { url, application, logger, firstUser, hasPage: page !== undefined, migrations, close: () => http.close() };
  } catch (error) {
    await http.close();
    throw error;
  }
}
