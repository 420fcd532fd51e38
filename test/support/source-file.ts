import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** A TypeScript file of the project. */
export interface SourceFile {
  /** From the project's directory, with forward slashes: `src/errors.ts`. */
  readonly path: string;
  readonly text: string;
}

/** An import of one file of the project by another. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Nothing is left of it in the compiled file. */
  readonly typeOnly: boolean;
}

// Statements start a line; what a comment shows by way of example does not.
const STATEMENT = /^(?:import|export)\b(\s+type\b)?[^"';]*["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']/g;

/** The TypeScript files below a directory of the project, without what is installed or compiled there. */
export function readSourceFiles(directory: string): SourceFile[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/(^|[\\/])(node_modules|build)[\\/]/.test(file))
    .map((file) => join(directory, file))
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(path, "utf8") }));
}

/** What a file imports and re-exports of the project's own files, types included. */
export function importsOf(file: SourceFile): Import[] {
  const statements = [...file.text.matchAll(STATEMENT)].map(([, type, specifier]) => ({ type, specifier }));
  const dynamic = [...file.text.matchAll(DYNAMIC)].map(([, specifier]) => ({ type: undefined, specifier }));
  return [...statements, ...dynamic].flatMap(({ type, specifier }) => {
    if (specifier === undefined || !specifier.startsWith(".")) return [];
    const to = posix.join(posix.dirname(file.path), specifier).replace(/\.js$/, ".ts");
    return [{ from: file.path, to, typeOnly: type !== undefined }];
  });
}
