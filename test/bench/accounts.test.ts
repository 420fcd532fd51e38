import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import { cpuSeconds, type CpuTimes, cpuTimes } from "../../bench/processes/accounts.js";

/** Keeps its thread busy for some tenths of a second, and then has nothing to do until it is told to end. */
const BUSY_THREAD = `
const { pbkdf2Sync } = require("node:crypto");
const { parentPort } = require("node:worker_threads");
pbkdf2Sync("password", "salt", 400_000, 64, "sha512");
parentPort.once("message", () => parentPort.close());
parentPort.postMessage("idle");`;

describe("the CPU time of a process under measurement", () => {
  /** @param use is given the thread, when it is idle, and what the process had used before it was started */
  async function withBusyThread(use: (worker: Worker, before: CpuTimes) => Promise<void>): Promise<void> {
    const before = cpuTimes(process.pid);
    const worker = new Worker(BUSY_THREAD, { eval: true });
    try {
      await once(worker, "message");
      await use(worker, before);
    } finally {
      await worker.terminate();
    }
  }

  it("has that of its threads in it", async () => {
    await withBusyThread(async (_, before) => {
      const used = cpuSeconds(process.pid, before);
      expect(used).to.be.above(0.05);
      expect(cpuSeconds(process.pid), "since its start").to.be.above(used);
    });
  });

  it("does not shrink by what a thread had used that ends meanwhile", async () => {
    await withBusyThread(async (worker, started) => {
      const before = cpuTimes(process.pid);
      const [busiest] = [...before].filter(([thread]) => !started.has(thread)).toSorted(([, a], [, b]) => b - a);
      const ended = once(worker, "exit");
      worker.postMessage("end", []);
      await ended;
      expect([...cpuTimes(process.pid).keys()]).to.not.include(busiest?.[0]);
      expect(cpuSeconds(process.pid, before)).to.be.at.least(0);
    });
  });
});
