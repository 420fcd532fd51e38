import { parseUrl } from "../parse-url.js";
import { EnvironmentVariables, trueOrFalse, wholeNumber, WrongValue } from "./environment-variables.js";
import { parseOrigins } from "./origins.js";
import { parseTrustedProxies } from "./trusted-proxies.js";

/** What the server's network side is told. */
export interface NetworkConfig {
  /** Origins of web pages that may read answers (`CORS_ORIGINS`); empty for none, `["*"]` for all. */
  readonly corsOrigins: readonly string[];
  /** Addresses of the proxies whose `X-Forwarded-*` headers are believed (`TRUST_PROXY`); empty for none. */
  readonly trustedProxies: readonly string[];
  /** Most connections at a time (`MAX_CONNECTIONS`). */
  readonly maxConnections: number;
}

/** What the server and the command line read from the environment, beside the `JWT_*` settings. */
export interface ServerConfig extends NetworkConfig {
  /** Address to listen on (`HOST`). */
  readonly host: string;
  /** Port to listen on, 0 for any free one (`PORT`). */
  readonly port: number;
  /** Folder for the SQLite file and the generated secret key (`JANUS_DATA_DIR`). */
  readonly dataDirectory: string;
  /** The database (`DATABASE_URL`); undefined means SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  /** Where logins are counted (`REDIS_URL`); undefined means the database. */
  readonly redisUrl: string | undefined;
  /** The application's secret key (`SECRET_KEY`); undefined means the generated one. */
  readonly secretKey: string | undefined;
  /** pino's levels (`LOG_LEVEL`). */
  readonly logLevel: string;
  /** Whether there is a page at `/` (`JANUS_PAGE`); by default not where `NODE_ENV` is `production`. */
  readonly page: boolean;
}

/** An idle connection costs about 10 kB: 100 MB for all of them. */
const MAX_CONNECTIONS = 10_000;

export const DEFAULT_NETWORK: NetworkConfig = { corsOrigins: [], trustedProxies: [], maxConnections: MAX_CONNECTIONS };

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/** @throws SettingsError that names every variable that is wrong */
export function readServerConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const variables = new EnvironmentVariables(environment);
  const config: ServerConfig = {
    host: variables.text("HOST") ?? "127.0.0.1",
    port: variables.read("PORT", wholeNumber("a port number", 0, 65_535), 4000),
    dataDirectory: variables.text("JANUS_DATA_DIR") ?? ".janus",
    databaseUrl: variables.text("DATABASE_URL"),
    redisUrl: variables.read<string | undefined>("REDIS_URL", parseRedisUrl, undefined),
    secretKey: variables.text("SECRET_KEY"),
    logLevel: variables.read("LOG_LEVEL", parseLogLevel, "info"),
    page: variables.read("JANUS_PAGE", trueOrFalse, variables.text("NODE_ENV") !== "production"),
    corsOrigins: variables.read("CORS_ORIGINS", parseOrigins, DEFAULT_NETWORK.corsOrigins),
    trustedProxies: variables.read("TRUST_PROXY", parseTrustedProxies, DEFAULT_NETWORK.trustedProxies),
    maxConnections: variables.read("MAX_CONNECTIONS", wholeNumber("a number", 1, 1_000_000), MAX_CONNECTIONS),
  };
  variables.check();
  return config;
}

function parseLogLevel(text: string): string {
  if (LOG_LEVELS.includes(text)) return text;
  throw new WrongValue(`must be one of ${LOG_LEVELS.join(", ")}`);
}

/** Redis' client reads the URL once more, and what it says of a wrong one has pieces of the password in it. */
function parseRedisUrl(text: string): string {
  const url = parseUrl(text);
  if (url && ["redis:", "rediss:"].includes(url.protocol) && isRedisPlace(url)) return text;
  throw new WrongValue(
    "must be redis://USER:PASSWORD@HOST:PORT or rediss://… with TLS, and /NUMBER for a database but 0",
  );
}

function isRedisPlace({ hostname, pathname, username, password }: URL): boolean {
  return hostname !== "" && /^(\/\d*)?$/.test(pathname) && [username, password].every(isDecodable);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
