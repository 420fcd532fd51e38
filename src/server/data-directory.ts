import { randomBytes } from "node:crypto";
import { access, chmod, constants, link, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SettingsError } from "../settings/settings-error.js";

/** Bytes of a generated secret key: 64 are enough for HS512. */
const SECRET_KEY_BYTES = 64;

const SECRET_KEY = "SECRET_KEY";
const DATABASE = "janus.sqlite";

/** The permissions of everybody but the owner. */
const OTHERS = 0o077;

/**
 * Makes the data folder, readable by its owner only. One that is there already is made private too, if nothing but our
 * own files are in it: of a folder that others use the permissions are not ours to change.
 *
 * @throws SettingsError if it cannot be used
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  await orRefuse(directory, async () => {
    const isNew = (await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined;
    if (!isNew && ((await stat(directory)).mode & OTHERS) !== 0) await assertOurs(directory);
    // Also for a new one: a umask may have taken bits from it.
    await chmod(directory, 0o700);
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  });
}

/** The URL of the SQLite file in the data folder. */
export function defaultDatabaseUrl(directory: string): string {
  return `sqlite:${join(directory, DATABASE)}`;
}

/**
 * The secret key kept in the data folder, made at the first call. The file is readable by its owner only.
 *
 * @throws SettingsError if it can neither be read nor made
 */
export async function keptSecretKey(directory: string): Promise<string> {
  return orRefuse(directory, async () => (await readSecretKey(directory)) ?? makeSecretKey(directory));
}

async function readSecretKey(directory: string): Promise<string | undefined> {
  const file = join(directory, SECRET_KEY);
  try {
    await chmod(file, 0o600);
    const key = (await readFile(file, "utf8")).trim();
    if (key === "") throw refusal(`holds an empty ${SECRET_KEY}: delete ${file} to have a new one made`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/** Of two processes that start at once one names its file first, and the other reads that: none ever sees half a key. */
async function makeSecretKey(directory: string): Promise<string> {
  const draft = join(directory, `${SECRET_KEY}.${randomBytes(6).toString("hex")}`);
  const key = randomBytes(SECRET_KEY_BYTES).toString("base64url");
  await writeFile(draft, `${key}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(draft, join(directory, SECRET_KEY));
    return key;
  } catch (error) {
    const others = (error as NodeJS.ErrnoException).code === "EEXIST" ? await readSecretKey(directory) : undefined;
    if (others === undefined) throw error;
    return others;
  } finally {
    await rm(draft, { force: true });
  }
}

async function assertOurs(directory: string): Promise<void> {
  const foreign = (await readdir(directory)).find((name) => !name.startsWith(SECRET_KEY) && !name.startsWith(DATABASE));
  if (foreign === undefined) return;
  throw refusal(`names ${directory}, which others may read and which holds other files: name a folder of its own`);
}

/** What the file system refuses is the operator's to put right, in words that name the folder. */
async function orRefuse<T>(directory: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const where = path === undefined || path === directory ? "" : `, ${path}`;
    throw refusal(
      `names ${directory}, which cannot be used (${code}${where}): it must be a folder that this user owns`,
    );
  }
}

function refusal(problem: string): SettingsError {
  return new SettingsError([{ setting: "JANUS_DATA_DIR", problem }]);
}
