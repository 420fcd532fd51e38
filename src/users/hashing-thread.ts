import { Worker } from "node:worker_threads";

import { type SetTimer, unrefTimer } from "../timer.js";
import type { HashJob, HashOutcome } from "./hashing-worker.js";

/** How long a thread without work is kept, milliseconds. To start one takes about 30 of them, and it has some MiB. */
export const IDLE_LIMIT = 10_000;

const PROGRAM = new URL("./hashing-worker.js", import.meta.url);

/** Whoever waits for a batch. */
interface Waiting {
  resolve(outcomes: readonly HashOutcome[]): void;
  reject(error: unknown): void;
}

/**
 * A thread that computes hashes: started when there is one to compute, ended when there has been none for a while.
 * It keeps the process alive while it computes, and no longer.
 */
export class HashingThread {
  #worker: Worker | undefined;
  #waiting: Waiting | undefined;
  #stayIdle: () => void = () => undefined;

  constructor(private readonly setTimer: SetTimer = unrefTimer) {}

  /**
   * Computes a batch, one job after the other. One batch at a time.
   *
   * @returns the outcomes, in the order of the jobs
   * @throws Error when the thread could not be started or has ended meanwhile; the next batch gets a new one
   */
  compute(jobs: readonly HashJob[]): Promise<readonly HashOutcome[]> {
    return new Promise((resolve, reject) => {
      this.#stayIdle();
      this.#waiting = { resolve, reject };
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage(jobs, []);
    });
  }

  #start(): Worker {
    // It gets nothing of this process: neither its environment, which has keys, nor what was preloaded.
    const worker = new Worker(PROGRAM, { name: "janus-hashing", env: {}, execArgv: [] });
    worker.on("message", (outcomes: readonly HashOutcome[]) => this.#answer(outcomes));
    worker.on("error", (error) => this.#fail(worker, error));
    worker.on("exit", (code) => this.#fail(worker, new Error(`A thread that hashes ended with code ${code}.`)));
    return worker;
  }

  #answer(outcomes: readonly HashOutcome[]): void {
    this.#worker?.unref();
    this.#stayIdle = this.setTimer(() => this.#end(), IDLE_LIMIT);
    this.#take()?.resolve(outcomes);
  }

  /** The thread is gone. Of one that was let go before, nobody waits for anything. */
  #fail(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#stayIdle();
    this.#take()?.reject(error);
  }

  #end(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
