/** What a process holds once its garbage is collected, MiB. */
export interface HeldMemory {
  /** Objects of JavaScript. */
  readonly heap: number;
  /** All of the process: its resident set. */
  readonly resident: number;
}
