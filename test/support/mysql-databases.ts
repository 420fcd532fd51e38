import { randomBytes } from "node:crypto";
import { createConnection } from "mysql2/promise";
import { sharedServerUrl } from "./shared-server.js";
import type { TestDatabases } from "./test-databases.js";

/** Databases with random names on the server of the test run. */
export class MysqlDatabases implements TestDatabases {
  readonly #names: string[] = [];
  #server = "";

  async open(): Promise<void> {
    this.#server = await sharedServerUrl();
  }

  async create(): Promise<string> {
    const name = `janus_test_${randomBytes(8).toString("hex")}`;
    await this.#execute([`CREATE DATABASE ${name} CHARACTER SET utf8mb4`]);
    this.#names.push(name);
    const url = new URL(this.#server);
    url.pathname = `/${name}`;
    return url.href;
  }

  async close(): Promise<void> {
    await this.#execute(this.#names.map((name) => `DROP DATABASE IF EXISTS ${name}`));
  }

  async #execute(statements: readonly string[]): Promise<void> {
    if (statements.length === 0) return;
    const uri = new URL(this.#server);
    uri.protocol = "mysql:"; // The only scheme that mysql2 knows.
    const connection = await createConnection({ uri: uri.href });
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  }
}
