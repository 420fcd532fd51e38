import { browser } from "./browser-globals.js";

/**
 * Runs one thing of a name at a time, wherever it is asked for, and answers its result.
 *
 * @example
 * const lock: Lock = (name, run) => mutexes.of(name).runExclusive(run);
 */
export type Lock = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/**
 * One at a time in all tabs of the site, by Web Locks. Where there are none (before 2022, over plain HTTP, in Deno and
 * Node < 24) one at a time in this client: two tabs may then refresh at once, which the server's `refreshGracePeriod` makes
 * harmless.
 */
export function defaultLock(): Lock {
  const ownQueue = queue();
  return async (name, run) => {
    let begun = false;
    try {
      if (!browser.navigator?.locks) return await ownQueue(name, run);
      return await browser.navigator.locks.request(name, () => ((begun = true), run()));
    } catch (error) {
      // A page in a sandbox has locks that it may not use.
      if (begun || !browser.navigator?.locks) throw error;
      return ownQueue(name, run);
    }
  };
}

function queue(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (_name, run) => {
    const next = last.then(run);
    last = next.catch(() => undefined);
    return next;
  };
}
