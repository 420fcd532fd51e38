import { randomBytes } from "node:crypto";
import { chmod, link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inDataDirectory, SECRET_KEY_FILE, unusableDirectory } from "./data-directory.js";

/** Bytes of a generated secret key: 64 are enough for HS512. */
const KEY_BYTES = 64;

/**
 * The secret key kept in the data folder, made at the first call. The file is readable by its owner only.
 *
 * @throws SettingsError if it can neither be read nor made
 */
export async function keptSecretKey(directory: string): Promise<string> {
  return inDataDirectory(directory, async () => (await readKey(directory)) ?? makeKey(directory));
}

async function readKey(directory: string): Promise<string | undefined> {
  const file = join(directory, SECRET_KEY_FILE);
  try {
    await chmod(file, 0o600);
    const key = (await readFile(file, "utf8")).trim();
    if (key === "") throw unusableDirectory(`holds an empty ${SECRET_KEY_FILE}: delete ${file} to have a new one made`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/** Of two processes that start at once one names its file first, and the other reads that: none ever sees half a key. */
async function makeKey(directory: string): Promise<string> {
  const draft = join(directory, `${SECRET_KEY_FILE}.${randomBytes(6).toString("hex")}`);
  const key = randomBytes(KEY_BYTES).toString("base64url");
  try {
    await writeFile(draft, `${key}\n`, { mode: 0o600, flag: "wx", flush: true });
    await link(draft, join(directory, SECRET_KEY_FILE));
    return key;
  } catch (error) {
    const others = (error as NodeJS.ErrnoException).code === "EEXIST" ? await readKey(directory) : undefined;
    if (others === undefined) throw error;
    return others;
  } finally {
    await rm(draft, { force: true });
  }
}
