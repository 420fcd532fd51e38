import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** What better-sqlite3 13 is written against. Node has it from 22.14, and an earlier one crashes with it. */
const NODE_API = 10;

/**
 * better-sqlite3, in the version that goes with this Node. Version 12 is written against V8 itself, and where it was compiled
 * for Node 24.19 or later it ends the process as soon as V8 collects a statement (nodejs/node#65446).
 */
export function sqliteDriver(): unknown {
  return load(Number(process.versions["napi"]) >= NODE_API ? "better-sqlite3-node-api" : "better-sqlite3");
}
