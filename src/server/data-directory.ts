import { access, chmod, constants, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SettingsError } from "../settings/settings-error.js";

/** The files that we keep there, and what the names of those beside them begin with. */
export const SECRET_KEY_FILE = "SECRET_KEY";
const DATABASE_FILE = "janus.sqlite";

/** The permissions of everybody but the owner. */
const OTHERS = 0o077;

/**
 * Makes the data folder, readable by its owner only. One that is there already is made private too, if nothing but our
 * own files are in it: of a folder that others use the permissions are not ours to change.
 *
 * @throws SettingsError if it cannot be used
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  await inDataDirectory(directory, async () => {
    const isNew = await makeWithParents(directory);
    if (!isNew && ((await stat(directory)).mode & OTHERS) !== 0) await assertOurs(directory);
    // Also for a new one: a umask may have taken bits from it.
    await chmod(directory, 0o700);
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  });
}

/** The URL of the SQLite file in the data folder. */
export function defaultDatabaseUrl(directory: string): string {
  return `sqlite:${join(directory, DATABASE_FILE)}`;
}

/**
 * Uses the data folder. What the file system refuses is the operator's to put right.
 *
 * @throws SettingsError that names the folder
 */
export async function inDataDirectory<T>(directory: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (error instanceof SettingsError || code === undefined) throw error;
    const where = path === undefined || path === directory ? "" : `, ${path}`;
    throw unusableDirectory(`names ${directory}, which cannot be used (${code}${where}): ${adviceFor(code)}`);
  }
}

function adviceFor(code: string): string {
  if (code === "ENOSPC" || code === "EDQUOT") return "its disk is full";
  if (code === "EROFS") return "its disk may not be written to";
  return "it must be a folder that this user owns";
}

/** @param problem to be read after the name of the variable */
export function unusableDirectory(problem: string): SettingsError {
  return new SettingsError([{ setting: "JANUS_DATA_DIR", problem }]);
}

/**
 * Answers whether the folder is new. Node's own `recursive` never comes back where a file system denies that a parent
 * exists which does, as /proc has it.
 */
async function makeWithParents(directory: string): Promise<boolean> {
  try {
    return await make(directory);
  } catch (error) {
    const parent = dirname(directory);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || parent === directory) throw error;
    await makeWithParents(parent);
    return make(directory);
  }
}

async function make(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST" && (await stat(directory)).isDirectory();
    if (!isThere) throw error;
    return false;
  }
}

async function assertOurs(directory: string): Promise<void> {
  const isOurs = (name: string) => name.startsWith(SECRET_KEY_FILE) || name.startsWith(DATABASE_FILE);
  if ((await readdir(directory)).every(isOurs)) return;
  throw unusableDirectory(
    `names ${directory}, which others may read and which holds other files: name a folder of its own`,
  );
}
