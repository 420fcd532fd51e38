import type { SourceFile } from "./source-file.js";

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/;
const NAMELESS = /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/;

// In pieces, so that these lines do not find themselves.
const MACHINE_PATH = /(?<![\w.-])\/(?:work|root|home\/[\w-]+|Users\/[\w-]+)\/[\w.-]/;
const REGISTRY_HOST =
  /\b(?:[\w-]+\.)*(?:registry|artifactory|nexus|verdaccio|mirrors?)\.[\w-]+\.\w+|"resolved": ?"http/i;

/** Files of more than `limit` lines. */
export function longFiles(files: readonly SourceFile[], limit: number): string[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, "").split("\n").length }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${limit}`);
}

/** Files that are not named in kebab-case, and names that say nothing about what is inside. */
export function badNames(files: readonly SourceFile[]): string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => !KEBAB_CASE.test(path.split("/").at(-1) ?? "") || NAMELESS.test(path));
}

/** Lines that name a place on one machine, or where packages were downloaded from. */
export function machineTraces(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => MACHINE_PATH.test(line) || REGISTRY_HOST.test(line))
      .map(({ place, line }) => `${place}: ${line.trim()}`),
  );
}
