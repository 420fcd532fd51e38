import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** mysql2, loaded where it is used: a server on SQLite starts without it. At once, as data sources are made without waiting. */
export function mysqlDriver(): typeof import("mysql2") {
  return load("mysql2") as typeof import("mysql2");
}
