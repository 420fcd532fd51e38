import { randomBytes } from "node:crypto";
import { chmod, chown, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** How long another process may take to change the file, and how often it is looked at, milliseconds. */
const PATIENCE = 10_000;
const INTERVAL = 50;

/** Another process has begun to change the file and has not finished. The message is for the operator. */
export class FileLockedError extends Error {
  override readonly name = "FileLockedError";
}

/**
 * Changes a file in one step, under a lock: readers see all of the old or all of the new one. A new file is its owner's
 * alone; one that is there keeps its owner and permissions, so that the servers can go on reading it.
 *
 * @param change is given the text, undefined where there is no file, and answers the new one
 * @param patience milliseconds to wait for another process
 * @throws FileLockedError
 */
export async function changeFile<T>(
  path: string,
  change: (text: string | undefined) => Promise<{ readonly text: string; readonly result: T }>,
  patience: number = PATIENCE,
): Promise<T> {
  // Renaming to a link would put a file in its place.
  const file = await realpath(path).catch(absent((): string => path));
  const lock = `${file}.lock`;
  await takeLock(lock, patience);
  try {
    const before = await readFile(file, "utf8").catch(absent(() => undefined));
    const { text, result } = await change(before);
    if (text !== before) await replace(file, text);
    return result;
  } finally {
    await rm(lock, { force: true });
  }
}

/** A lock that a process has left behind is not broken: whether it has died, another machine cannot know. */
async function takeLock(lock: string, patience: number): Promise<void> {
  for (let waited = 0; ; waited += INTERVAL) {
    try {
      return await writeFile(lock, "", { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (waited >= patience) {
      throw new FileLockedError(`another process is changing the file: if none is running, delete ${lock}`);
    }
    await delay(INTERVAL);
  }
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: "wx", flush: true });
    const before = await stat(file).catch(absent(() => undefined));
    if (before) {
      await keepOwner(draft, before);
      await chmod(draft, before.mode & 0o777);
    }
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Keys that an administrator rotates are still read by the user whom the servers run as. */
async function keepOwner(draft: string, before: { readonly uid: number; readonly gid: number }): Promise<void> {
  const { uid, gid } = await stat(draft);
  if (uid !== before.uid || gid !== before.gid) await chown(draft, before.uid, before.gid);
}

/** What stands in for a file that is not there. */
function absent<T>(instead: () => T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return instead();
  };
}
