import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestDatabases } from "./test-databases.js";

/** SQLite databases, each a file in a directory of its own suite. */
export class SqliteDatabases implements TestDatabases {
  #directory = "";
  #count = 0;

  async open(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), "janus-sqlite-"));
  }

  async create(): Promise<string> {
    this.#count += 1;
    return `sqlite:${join(this.#directory, `${this.#count}.sqlite`)}`;
  }

  async close(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
