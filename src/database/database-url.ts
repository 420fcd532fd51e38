import { isIP } from "node:net";
import { parseUrl } from "../parse-url.js";

/** What starts when no `DATABASE_URL` is given, so that a newcomer needs no server. */
export const DEFAULT_DATABASE_URL = "sqlite:.janus/janus.sqlite";

/** A database that `DATABASE_URL` names. */
export type DatabaseTarget = SqliteTarget | ServerTarget;

export interface SqliteTarget {
  readonly type: "sqlite";
  /** A file, or `:memory:`. */
  readonly path: string;
}

/** Where a MySQL or MariaDB server listens. */
export interface DatabaseHost {
  readonly host: string;
  readonly port: number;
}

export interface ServerTarget {
  /** `mariadb` matters: with `mysql`, TypeORM sees differences in the schema of a MariaDB where there are none. */
  readonly type: "mysql" | "mariadb";
  /** At least one, the preferred one first. They hold the same data: the nodes of a cluster. */
  readonly hosts: readonly DatabaseHost[];
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** Connections in the pool of each host. */
  readonly poolSize: number;
  /** Whether the connection is encrypted and the server's certificate verified: all hosts are names then. */
  readonly tls: boolean;
}

/** A `DATABASE_URL` that names no database. The message never has the URL in it, because that has the password. */
export class DatabaseUrlError extends Error {
  override readonly name = "DatabaseUrlError";
}

const FORMS = "sqlite:PATH, mysql://USER:PASSWORD@HOST:PORT/DATABASE or mariadb://USER:PASSWORD@HOST:PORT/DATABASE";
/** What stands before the hosts, the hosts, and what follows them. A password may have a comma in it. */
const AUTHORITY = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/is;
const DEFAULT_PORT = 3306;
const DEFAULT_POOL_SIZE = 32;

/**
 * Reads the URL of a database: `sqlite:PATH`, `sqlite:///ABSOLUTE/PATH`, `sqlite::memory:`, and `mysql://` or
 * `mariadb://` with the options `?poolSize=32&tls=true`. Several hosts have commas between them:
 * `mariadb://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE`. With `tls=true` hosts are names, and not addresses.
 *
 * @throws {DatabaseUrlError}
 */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "sqlite") return { type: "sqlite", path: sqlitePath(url.slice("sqlite:".length)) };
  if (scheme === "mysql" || scheme === "mariadb") return serverTarget(scheme, url);
  throw new DatabaseUrlError(
    scheme === undefined
      ? `The URL of the database has no scheme: use ${FORMS}`
      : `Unknown kind of database "${scheme}:": use ${FORMS}`,
  );
}

function sqlitePath(rest: string): string {
  if (rest.startsWith("//") && !rest.startsWith("///")) {
    throw new DatabaseUrlError("A SQLite database has no host: write sqlite:PATH or sqlite:///ABSOLUTE/PATH");
  }
  const path = rest.startsWith("///") ? rest.slice(2) : rest;
  if (path === "") throw new DatabaseUrlError("The path of the SQLite database is missing: write sqlite:PATH");
  return path;
}

function serverTarget(type: "mysql" | "mariadb", text: string): ServerTarget {
  // A URL has one host: each of the others is read in one of its own.
  const [, before = "", hosts = "", after = ""] = AUTHORITY.exec(text) ?? [];
  const [first = "", ...others] = hosts.split(",");
  const url = readUrl(before === "" ? text : before + first + after);
  const database = decode(url.pathname.slice(1), "database");
  if (database === "") throw new DatabaseUrlError(`The name of the database is missing: use ${FORMS}`);
  const options = serverOptions(url.searchParams);
  const targets = [url, ...others.map((host) => readUrl(`${type}://${host}`))].map(hostOf);
  if (options.tls) assertNames(targets);
  return {
    type,
    hosts: targets,
    username: decode(url.username, "user"),
    password: decode(url.password, "password"),
    database,
    ...options,
  };
}

function hostOf({ hostname, port }: URL): DatabaseHost {
  if (hostname === "") throw new DatabaseUrlError(`The host is missing: use ${FORMS}`);
  // An IPv6 address stands in brackets only in a URL.
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? DEFAULT_PORT : Number(port) };
}

/** For an address mysql2 names no server, and Node then compares the certificate with "localhost", whoever has it. */
function assertNames(hosts: readonly DatabaseHost[]): void {
  const address = hosts.find(({ host }) => isIP(host) !== 0)?.host;
  if (address === undefined) return;
  throw new DatabaseUrlError(
    `tls=true needs the name that the server's certificate has, and not the address ${address}`,
  );
}

function readUrl(text: string): URL {
  const url = parseUrl(text);
  if (url) return url;
  throw new DatabaseUrlError(
    `The URL of the database cannot be read (special characters must be percent-encoded): use ${FORMS}`,
  );
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DatabaseUrlError(`The ${part} in the URL of the database is not percent-encoded correctly`);
  }
}

function serverOptions(parameters: URLSearchParams): { poolSize: number; tls: boolean } {
  const options = { poolSize: DEFAULT_POOL_SIZE, tls: false };
  for (const [name, value] of parameters) {
    if (name === "poolSize" && /^[1-9]\d{0,3}$/.test(value)) options.poolSize = Number(value);
    else if (name === "tls" && (value === "true" || value === "false")) options.tls = value === "true";
    else
      throw new DatabaseUrlError(
        `Unknown option "${name}", or value that it does not take: known are poolSize=1..9999 and tls=true|false`,
      );
  }
  return options;
}
