import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of a generated secret key: 64 are enough for HS512. */
const SECRET_KEY_BYTES = 64;

/** Makes the data folder, readable by its owner only. */
export async function makeDataDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // An existing folder keeps its mode through mkdir, and a umask may have taken bits from a new one.
  await chmod(directory, 0o700);
}

/** The URL of the SQLite file in the data folder. */
export function defaultDatabaseUrl(directory: string): string {
  return `sqlite:${join(directory, "janus.sqlite")}`;
}

/** The secret key kept in the data folder, made at the first call. The file is readable by its owner only. */
export async function keptSecretKey(directory: string): Promise<string> {
  const file = join(directory, "SECRET_KEY");
  try {
    const key = randomBytes(SECRET_KEY_BYTES).toString("base64url");
    // Of two processes that start at once one writes; the other finds the file and reads it.
    await writeFile(file, `${key}\n`, { mode: 0o600, flag: "wx", flush: true });
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const key = (await readFile(file, "utf8")).trim();
    if (key === "")
      throw new Error(`${file} is empty. Delete it to have a new key made; refresh tokens end then.`, { cause: error });
    return key;
  }
}
