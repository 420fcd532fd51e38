/** Calls `wake` after so many milliseconds, unless the function that it answers is called before. */
export type SetTimer = (wake: () => void, milliseconds: number) => () => void;

/** What Node's timers can wait, milliseconds. */
export const MAX_DELAY = 2 ** 31 - 1;

/** Node's timer, which keeps no process alive. */
export const unrefTimer: SetTimer = (wake, milliseconds) => {
  const timer = setTimeout(wake, Math.min(milliseconds, MAX_DELAY)).unref();
  return () => clearTimeout(timer);
};
