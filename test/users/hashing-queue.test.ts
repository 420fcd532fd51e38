import { expect } from "chai";
import { array, assert, asyncProperty, constant, integer, nat, oneof } from "fast-check";
import { ServiceUnavailableError } from "../../src/errors.js";
import { defaultHashingLimits, HashingQueue } from "../../src/users/hashing-queue.js";

/** A job that ends when it is told to. */
function job(started: string[], name: string): { run: () => Promise<string>; end: () => void; fail: () => void } {
  const { promise, resolve, reject } = deferred<string>();
  const run = () => {
    started.push(name);
    return promise;
  };
  return { run, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onValue, onError) => ([resolve, reject] = [onValue, onError]));
  return { promise, resolve, reject };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("HashingQueue", () => {
  it("runs so many at once, the others in their order, and refuses what is too much", async () => {
    const queue = new HashingQueue({ concurrent: 2, waiting: 2 });
    const started: string[] = [];
    const jobs = ["a", "b", "c", "d", "e"].map((name) => job(started, name));
    const outcomes = jobs.map(({ run }) => queue.run(run));
    const refused: unknown = await outcomes[4]?.catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ServiceUnavailableError);
    expect(started).to.deep.equal(["a", "b"]);
    jobs[1]?.end();
    await settled();
    expect(started).to.deep.equal(["a", "b", "c"]);
    jobs[0]?.end();
    jobs[2]?.end();
    jobs[3]?.end();
    expect(await Promise.all(outcomes.slice(0, 4))).to.deep.equal(["a", "b", "c", "d"]);
    expect(started).to.deep.equal(["a", "b", "c", "d"]);
  });

  it("gives the place of one that fails to the next", async () => {
    const queue = new HashingQueue({ concurrent: 1, waiting: 1 });
    const started: string[] = [];
    const [first, second] = [job(started, "first"), job(started, "second")];
    const outcomes = [queue.run(first.run), queue.run(second.run)];
    first.fail();
    expect(await outcomes[0]?.catch((error: unknown) => (error as Error).message)).to.equal("first");
    second.end();
    expect(await outcomes[1]).to.equal("second");
  });

  it("never runs more than it may, and answers everybody, whatever comes when", async () => {
    const steps = array(oneof(constant("come"), nat(9)), { maxLength: 40 });
    await assert(
      asyncProperty(integer({ min: 1, max: 4 }), nat(6), steps, async (concurrent, waiting, moves) => {
        const queue = new HashingQueue({ concurrent, waiting });
        const running = new Set<() => void>();
        const outcomes: Promise<string>[] = [];
        for (const move of moves) {
          if (move === "come") {
            const { promise, resolve } = deferred<string>();
            const end = () => {
              running.delete(end);
              resolve("done");
            };
            const run = () => {
              running.add(end);
              return promise;
            };
            outcomes.push(queue.run(run).catch((error: unknown) => (error as Error).name));
          } else [...running][move]?.();
          await settled();
          expect(running.size).to.be.at.most(concurrent);
        }
        while (running.size > 0) {
          for (const end of running) end();
          await settled();
        }
        for (const outcome of await Promise.all(outcomes)) {
          expect(outcome).to.be.oneOf(["done", "ServiceUnavailableError"]);
        }
      }),
    );
  });

  it("leaves a thread to everything else by default", () => {
    const { concurrent, waiting } = defaultHashingLimits();
    expect(concurrent).to.be.within(1, 3);
    expect(waiting).to.equal(256);
  });
});
