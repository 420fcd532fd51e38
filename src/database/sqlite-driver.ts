import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** What better-sqlite3 13 is written against. Node has it from 22.14, and an earlier one crashes with it. */
const NODE_API = 10;

/**
 * better-sqlite3, in the version that goes with this Node. Version 12 is written against V8 itself, and where it was compiled
 * for Node 24.19 or later it ends the process as soon as V8 collects a statement (nodejs/node#65446).
 */
export function sqliteDriver(): unknown {
  const goesWith13 = Number(process.versions["napi"]) >= NODE_API;
  return (goesWith13 && loadIfInstalled("better-sqlite3-node-api")) || load("better-sqlite3");
}

/** What is optional may have been left out, or not have been built: then 12 is better than none. */
function loadIfInstalled(name: string): unknown {
  try {
    return load(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
