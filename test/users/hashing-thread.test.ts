import { hashSync } from "@node-rs/argon2";
import { expect } from "chai";
import { HashingThread } from "../../src/users/hashing-thread.js";
import { runNode } from "../support/child-process.js";
import { rejection } from "../support/rejection.js";

const CHEAP = { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 };

/** Runs a program in a process of its own: threads are counted there, and nothing else keeps it alive. */
async function run(program: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { href } = new URL("../../", import.meta.url);
  const prelude = `
    import { HashingThread, IDLE_LIMIT } from "${href}src/users/hashing-thread.js";
    import { TestClock } from "${href}test/support/test-clock.js";
    import { TestTimers } from "${href}test/support/test-timers.js";
    const timers = new TestTimers(new TestClock());
    const thread = new HashingThread(timers.set);
    const jobs = [{ kind: "hash", password: "p", options: ${JSON.stringify(CHEAP)} }];
    const count = () => process.report.getReport().workers.length;
    const ended = () => new Promise((resolve) => setImmediate(() => (count() === 0 ? resolve() : ended().then(resolve))));
  `;
  const { code, stdout, stderr } = await runNode(["--input-type=module", "--eval", prelude + program], env);
  expect(stderr).to.equal("");
  expect(code).to.equal(0);
  return stdout.trim();
}

describe("HashingThread", () => {
  it("computes a batch in the order of its jobs, and tells of each that has no answer", async () => {
    const passwordHash = hashSync("secret", CHEAP);
    const outcomes = await new HashingThread().compute([
      { kind: "verify", password: "secret", passwordHash },
      { kind: "verify", password: "wrong", passwordHash: "no hash" },
      { kind: "hash", password: "other", options: CHEAP },
      { kind: "verify", password: "Secret", passwordHash },
      { kind: "hash", password: "other", options: { ...CHEAP, memoryCost: 0 } },
    ]);
    expect(outcomes.map((outcome) => ("value" in outcome ? typeof outcome.value : "error"))).to.deep.equal([
      "boolean",
      "error",
      "string",
      "boolean",
      "error",
    ]);
    expect(outcomes[0]).to.deep.equal({ value: true });
    expect(outcomes[3]).to.deep.equal({ value: false });
  });

  it("says that it has ended to whoever waits, and is there for the next batch", async () => {
    const thread = new HashingThread();
    // What is no list is what the program does not survive.
    const error = await rejection(thread.compute(null as never));
    expect(error).to.be.instanceOf(TypeError);
    const [outcome] = await thread.compute([{ kind: "hash", password: "p", options: CHEAP }]);
    expect(outcome)
      .to.have.property("value")
      .that.matches(/^\$argon2id\$/);
  });

  it("is started when there is something to compute, and ends ten seconds after the last", async () => {
    const counts = await run(`
      const counts = [count()];
      await thread.compute(jobs);
      counts.push(count());
      await timers.pass(IDLE_LIMIT / 1000 - 1);
      await thread.compute(jobs);
      await timers.pass(IDLE_LIMIT / 1000 - 1);
      counts.push(count(), timers.size);
      await timers.pass(1);
      await ended();
      await thread.compute(jobs);
      counts.push(count(), IDLE_LIMIT);
      console.log(counts.join());
    `);
    expect(counts).to.equal("0,1,1,1,1,10000");
  });

  it("keeps a process alive while it computes, and no longer", async () => {
    expect(await run("void thread.compute(jobs).then(([{ value }]) => console.log(value.slice(0, 9)))")).to.equal(
      "$argon2id",
    );
  });

  it("leaves the processor to the other threads, whose priority stays", async () => {
    const program = (base: number) => `
      import { readdirSync, readFileSync } from "node:fs";
      import { getPriority, setPriority } from "node:os";
      setPriority(${base});
      await thread.compute(jobs);
      const niceOf = (id) => Number(readFileSync(\`/proc/self/task/\${id}/stat\`, "utf8").split(") ")[1].split(" ")[16]);
      const linux = () => readdirSync("/proc/self/task").map(niceOf).filter((nice) => nice !== 0).join();
      console.log(getPriority(), process.platform === "linux" && ${base === 0} ? linux() : "");
    `;
    expect(await run(program(0))).to.equal(process.platform === "linux" ? "0 15" : "0");
    expect(await run(program(19))).to.equal("19");
  });

  it("has neither the environment of its process nor what was preloaded there", async () => {
    const preloaded = encodeURIComponent(`console.log("preloaded", "SECRET_KEY" in process.env)`);
    const output = await run("await thread.compute(jobs)", {
      NODE_OPTIONS: `--import=data:text/javascript,${preloaded}`,
      SECRET_KEY: "a key",
    });
    expect(output).to.equal("preloaded true");
  });
});
