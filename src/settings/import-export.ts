import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { InvalidValue } from "./invalid-value.js";

// ./handlers.js#name, ../handlers.js#name or /handlers.js#name. A package is re-exported by such a file.
const IMPORT = /^(\.{0,2}\/[^#]*)#(.+)$/;

/** Whether the text is an import string: a path and the name of an export, `./handlers.js#customResponse`. */
export function isImport(text: string): boolean {
  return IMPORT.test(text);
}

/**
 * Imports the function or class that an import string names.
 *
 * @param directory What a relative path starts from.
 * @throws InvalidValue when there is no such module or export, or it is no function.
 */
export async function importExport(text: string, directory: string): Promise<unknown> {
  const [, path = "", name = ""] = IMPORT.exec(text) ?? [];
  const exports = await importModule(path, directory);
  if (!Object.hasOwn(exports, name)) throw new InvalidValue(`names an export that ${path} does not have: ${name}`);
  const value = exports[name];
  if (typeof value !== "function") throw new InvalidValue(`names an export of ${path} that is no function: ${name}`);
  return value;
}

async function importModule(path: string, directory: string): Promise<Record<string, unknown>> {
  const file = resolve(directory, path);
  if (!existsSync(file)) throw new InvalidValue(`names a module that does not exist: ${path}`);
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    // Its message could hold paths of this machine, or what the module works with.
    const name = error instanceof Error ? error.name : "value";
    throw new InvalidValue(`names a module that throws when it is imported (${name}): ${path}`);
  }
}
