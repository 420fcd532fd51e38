import { importsOf, type SourceFile } from "./source-file.js";

/**
 * From the outside in: a file imports from its own directory and from the layers below its own. Directories beside
 * each other in one layer do not know each other.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["cli", "client"],
  ["server"],
  ["index.ts"],
  ["sockets"],
  ["create-auth.ts", "error-response.ts", "require-rules.ts"],
  ["graphql", "trpc"],
  ["request"],
  ["auth"],
  ["tokens", "sessions", "users", "limits"],
  ["database"],
  ["settings"],
  [
    "errors.ts",
    "http-error.ts",
    "public-error.ts",
    "clock.ts",
    "is-record.ts",
    "auth-user.ts",
    "http-response.ts",
    "send-response.ts",
    "body-at-hand.ts",
    "json-types.ts",
    "own-text.ts",
    "parse-url.ts",
    "request-head.ts",
    "request-info.ts",
    "logger.ts",
    "timer.ts",
    "validation.ts",
    "class-validator-files.d.ts",
  ],
];

/** Imports of files in `src/` that run against the order of the layers, and files that have no layer. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  const homeless = files.filter(({ path }) => layerOf(path) < 0).map(({ path }) => `${path} belongs to no layer`);
  const wrongWay = files
    .flatMap(importsOf)
    .filter(({ from, to }) => !mayImport(from, to))
    .map(({ from, to }) => `${from} imports ${to}`);
  return [...homeless, ...wrongWay];
}

/** Imports by which the client would carry parts of the server into a browser. */
export function clientViolations(files: readonly SourceFile[]): string[] {
  return files
    .flatMap(importsOf)
    .filter(({ from, to, typeOnly }) => unitOf(from) === "client" && unitOf(to) !== "client" && !typeOnly)
    .map(({ from, to }) => `${from} imports more than types of ${to}`);
}

/** Circles of imports, each as `a -> b -> a`. */
export function importCircles(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file).map(({ to }) => to)]));
  const done = new Set<string>();
  const circles: string[] = [];

  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  }

  for (const path of imports.keys()) visit(path, []);
  return circles;
}

function mayImport(from: string, to: string): boolean {
  if (unitOf(from) === unitOf(to)) return true;
  const [outer, inner] = [layerOf(from), layerOf(to)];
  if (inner < 0 || outer < 0) return false;
  return outer < inner || (outer === inner && isFile(unitOf(from)) && isFile(unitOf(to)));
}

function layerOf(path: string): number {
  return LAYERS.findIndex((layer) => layer.includes(unitOf(path)));
}

/** The directory below `src/` that a file is in, or the name of a file directly in it. */
function unitOf(path: string): string {
  return path.split("/")[1] ?? path;
}

function isFile(unit: string): boolean {
  return unit.endsWith(".ts");
}
