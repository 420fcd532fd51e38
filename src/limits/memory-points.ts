import type { Points, PointStore } from "./point-store.js";

/** Keys that are kept: about 20 MB. */
const MAX_KEYS = 100_000;

/**
 * Points in the memory of this process, of a bounded number of keys: where there are too many, those whose window is over
 * go first, then the oldest.
 */
export class MemoryPoints implements PointStore {
  private readonly kept = new Map<string, Points>();

  constructor(private readonly maxKeys = MAX_KEYS) {}

  async add(key: string, points: number, { now, ends }: { now: number; ends: number }): Promise<number> {
    const found = this.live(key, now);
    const value = found ? { points: found.points + points, ends: found.ends } : { points, ends };
    this.keep(key, value, now);
    return value.points;
  }

  async take(key: string, points: number, now: number): Promise<void> {
    const found = this.live(key, now);
    if (found && found.points >= points) this.kept.set(key, { ...found, points: found.points - points });
  }

  async set(key: string, value: Points): Promise<void> {
    this.keep(key, value, 0);
  }

  async find(key: string, now: number): Promise<Points | null> {
    return this.live(key, now);
  }

  async delete(key: string): Promise<boolean> {
    return this.kept.delete(key);
  }

  /** How many keys there are. */
  get size(): number {
    return this.kept.size;
  }

  private live(key: string, now: number): Points | null {
    const found = this.kept.get(key);
    return found && found.ends > now ? found : null;
  }

  private keep(key: string, value: Points, now: number): void {
    if (this.kept.size >= this.maxKeys && !this.kept.has(key)) this.makeRoom(now);
    this.kept.set(key, value);
  }

  /** Room for many at once, because each time all keys are looked at. */
  private makeRoom(now: number): void {
    for (const [key, { ends }] of this.kept) if (ends <= now) this.kept.delete(key);
    const room = Math.ceil(this.maxKeys / 10);
    for (const key of this.kept.keys()) {
      if (this.kept.size <= this.maxKeys - room) return;
      this.kept.delete(key);
    }
  }
}
