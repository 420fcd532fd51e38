import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Logger } from "../../logger.js";
import type { Page, PageFile } from "./page-routes.js";

/** Where `scripts/build-page.js` has put it. */
const DIRECTORY = new URL("../../../page/", import.meta.url);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".ttf": "font/ttf",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
  ".md": "text/plain; charset=utf-8",
};

/** A name with a piece of the hash of the content. */
const HASHED = /-[\w-]{8}\.\w+$/;

/**
 * Reads what the page consists of: its document, and the names of its other files, the only ones that can be asked for.
 * A server whose page was not built does without it, and the log says so.
 */
export async function readPage(logger: Logger, directory: URL = DIRECTORY): Promise<Page | undefined> {
  try {
    const document = await readFile(new URL("index.html", directory));
    const names = await readdir(directory);
    return { document, files: new Map(names.flatMap((name) => fileOf(name, directory))) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    logger.warn({}, "there is no page at /: it was not built, `npm run build` does it");
    return undefined;
  }
}

/** One of no known type is none of the page. */
function fileOf(name: string, directory: URL): [name: string, file: PageFile][] {
  const contentType = CONTENT_TYPES[extname(name)];
  if (contentType === undefined) return [];
  return [[name, { location: new URL(name, directory), contentType, isHashed: HASHED.test(name) }]];
}
