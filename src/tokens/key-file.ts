import { readFile, stat } from "node:fs/promises";
import { InvalidValue } from "../settings/invalid-value.js";

const EVERYBODY = 0o007;

/**
 * The text of a file of keys.
 *
 * @throws InvalidValue to be read after the name of the setting
 */
export async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new InvalidValue(
      code === "ENOENT"
        ? `names a file that does not exist: ${path}`
        : `names a file that cannot be read (${code}): ${path}`,
    );
  }
}

/** Whether more than the owner and the group may read a file, or write it. */
export async function isReadByOthers(path: string): Promise<boolean> {
  const { mode } = await stat(path).catch(() => ({ mode: 0 }));
  return (mode & EVERYBODY) !== 0;
}
