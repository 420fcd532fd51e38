import { SettingsError, type SettingsProblem } from "../settings/settings-error.js";

/** What the server and the command line read from the environment, beside the `JWT_*` settings. */
export interface ServerConfig {
  /** Address to listen on (`HOST`). */
  readonly host: string;
  /** Port to listen on, 0 for any free one (`PORT`). */
  readonly port: number;
  /** Folder for the SQLite file and the generated secret key (`JANUS_DATA_DIR`). */
  readonly dataDirectory: string;
  /** The database (`DATABASE_URL`); undefined means SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  /** The application's secret key (`SECRET_KEY`); undefined means the generated one. */
  readonly secretKey: string | undefined;
  /** pino's levels (`LOG_LEVEL`). */
  readonly logLevel: string;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/** @throws SettingsError that names every variable that is wrong */
export function readServerConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const { HOST, PORT, JANUS_DATA_DIR, DATABASE_URL, SECRET_KEY, LOG_LEVEL } = environment;
  const port = Number(PORT || 4000);
  const logLevel = LOG_LEVEL || "info";
  const problems: SettingsProblem[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    problems.push({ setting: "PORT", problem: "must be a port number from 0 to 65535" });
  }
  if (!LOG_LEVELS.includes(logLevel)) {
    problems.push({ setting: "LOG_LEVEL", problem: `must be one of ${LOG_LEVELS.join(", ")}` });
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    host: HOST || "127.0.0.1",
    port,
    dataDirectory: JANUS_DATA_DIR || ".janus",
    databaseUrl: DATABASE_URL || undefined,
    secretKey: SECRET_KEY || undefined,
    logLevel,
  };
}
