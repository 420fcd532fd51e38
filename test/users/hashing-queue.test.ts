import { availableParallelism } from "node:os";
import { expect } from "chai";
import { array, assert, asyncProperty, constant, integer, nat, oneof } from "fast-check";
import { ServiceUnavailableError } from "../../src/errors.js";
import { defaultHashingLimits, type HashingLimits, HashingQueue } from "../../src/users/hashing-queue.js";

/** A batch that a lane has been given. */
interface Given {
  readonly lane: number;
  readonly jobs: readonly string[];
  end(): void;
  fail(): void;
}

/** A queue whose lanes end a batch when they are told to. */
function heldQueue(limits: HashingLimits) {
  const running: Given[] = [];
  const started: string[][] = [];
  let lanes = 0;
  const queue = new HashingQueue<string, string>(limits, () => {
    const lane = lanes;
    lanes += 1;
    return (jobs) =>
      new Promise((resolve, reject) => {
        started.push([...jobs]);
        const ending = (tell: () => void) => () => {
          running.splice(running.indexOf(given), 1);
          tell();
        };
        const given: Given = {
          lane,
          jobs,
          end: ending(() => resolve(jobs.map((job) => `${job}!`))),
          fail: ending(() => reject(new Error(jobs.join()))),
        };
        running.push(given);
      });
  });
  return { queue, running, started, lanes: () => lanes };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const messageOf = (error: unknown) => (error as Error).message;

describe("HashingQueue", () => {
  for (const [limits, problem] of [
    [{ concurrent: 0, waiting: 3 }, "concurrent must be a whole number, 1 or more, not 0"],
    [{ concurrent: Number.NaN, waiting: 3 }, "concurrent must be a whole number, 1 or more, not NaN"],
    [{ concurrent: 1.5, waiting: 3 }, "concurrent must be a whole number, 1 or more, not 1.5"],
    [{ concurrent: 1, waiting: -1 }, "waiting must be a whole number, 0 or more, not -1"],
    [{ concurrent: 1 } as HashingLimits, "waiting must be a whole number, 0 or more, not undefined"],
  ] as const) {
    it(`is not made with limits by which nothing would run, or nothing be refused: ${JSON.stringify(limits)}`, () => {
      expect(() => heldQueue(limits)).to.throw(RangeError, new RegExp(`^The hashing limit ${problem}$`));
    });
  }

  it("runs so many at once, the others in their order, and refuses what is too much", async () => {
    const { queue, running, started } = heldQueue({ concurrent: 2, waiting: 2 });
    const outcomes = ["a", "b", "c", "d", "e"].map((job) => queue.run(job));
    const refused: unknown = await outcomes[4]?.catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ServiceUnavailableError);
    expect(started).to.deep.equal([["a"], ["b"]]);
    running[1]?.end();
    await settled();
    expect(started).to.deep.equal([["a"], ["b"], ["c"]]);
    running[0]?.end();
    await settled();
    while (running.length > 0) running[0]?.end();
    expect(await Promise.all(outcomes.slice(0, 4))).to.deep.equal(["a!", "b!", "c!", "d!"]);
    expect(started).to.deep.equal([["a"], ["b"], ["c"], ["d"]]);
  });

  it("gives each lane its share of those who wait, eight at most", async () => {
    const { queue, running, started } = heldQueue({ concurrent: 2, waiting: 100 });
    const names = Array.from({ length: 32 }, (_, index) => String(index));
    const outcomes = names.map((job) => queue.run(job));
    while (running.length > 0) {
      running[0]?.end();
      await settled();
    }
    expect(started.map(({ length }) => length)).to.deep.equal([1, 1, 8, 8, 7, 4, 2, 1]);
    expect(started.flat()).to.deep.equal(names);
    expect(await Promise.all(outcomes)).to.deep.equal(names.map((job) => `${job}!`));
  });

  it("counts a job of a batch as waiting until it has an outcome", async () => {
    const { queue, running } = heldQueue({ concurrent: 1, waiting: 3 });
    const outcomes = ["a", "b", "c", "d"].map((job) => queue.run(job));
    running[0]?.end();
    await outcomes[0];
    await settled();
    expect(running.map(({ jobs }) => jobs)).to.deep.equal([["b", "c", "d"]]);
    const fifth = queue.run("e");
    expect(await queue.run("f").catch((error: unknown) => error)).to.be.instanceOf(ServiceUnavailableError);
    running[0]?.end();
    await settled();
    running[0]?.end();
    expect(await fifth).to.equal("e!");
  });

  it("starts a lane only when the others are busy, and the one that was busy last is the next", async () => {
    const { queue, running, lanes } = heldQueue({ concurrent: 3, waiting: 9 });
    expect(lanes()).to.equal(0);
    for (const job of ["a", "b"]) {
      const outcome = queue.run(job);
      running[0]?.end();
      await outcome;
      await settled();
    }
    expect(lanes()).to.equal(1);
    const outcomes = [queue.run("c"), queue.run("d")];
    expect(lanes()).to.equal(2);
    expect(running.map(({ lane }) => lane)).to.deep.equal([0, 1]);
    running[0]?.end();
    await settled();
    running[0]?.end();
    await Promise.all(outcomes);
    await settled();
    const last = queue.run("e");
    expect(running.map(({ lane }) => lane)).to.deep.equal([1]);
    running[0]?.end();
    expect(await last).to.equal("e!");
  });

  it("tells all of a batch that failed, and gives its lane to the next", async () => {
    const { queue, running } = heldQueue({ concurrent: 1, waiting: 5 });
    const outcomes = ["a", "b", "c"].map((job) => queue.run(job).catch(messageOf));
    running[0]?.fail();
    expect(await outcomes[0]).to.equal("a");
    await settled();
    running[0]?.fail();
    expect(await Promise.all(outcomes)).to.deep.equal(["a", "b,c", "b,c"]);
    const next = queue.run("d");
    running[0]?.end();
    expect(await next).to.equal("d!");
  });

  it("never runs more than it may, and answers everybody with what is his, whatever comes when", async () => {
    const steps = array(oneof(constant("come"), nat(9)), { maxLength: 60 });
    await assert(
      asyncProperty(integer({ min: 1, max: 4 }), nat(20), steps, async (concurrent, waiting, moves) => {
        const { queue, running, started } = heldQueue({ concurrent, waiting });
        const outcomes: Promise<string>[] = [];
        let open = 0;
        for (const move of moves) {
          if (move === "come") {
            const name = String(outcomes.length);
            const isRefused = open >= concurrent + waiting;
            open += 1;
            const outcome = queue.run(name).then(
              (value) => ((open -= 1), value === `${name}!` && !isRefused ? "right" : "wrong"),
              (error: unknown) => (
                (open -= 1),
                isRefused === error instanceof ServiceUnavailableError ? "right" : "wrong"
              ),
            );
            outcomes.push(outcome);
          } else if (typeof move === "number") running[move]?.[move === 9 ? "fail" : "end"]();
          await settled();
          expect(running.length).to.be.at.most(concurrent);
        }
        while (running.length > 0) {
          running[0]?.end();
          await settled();
        }
        expect(await Promise.all(outcomes)).to.deep.equal(outcomes.map(() => "right"));
        const order = started.flat().map(Number);
        expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
      }),
    );
  });

  it("has as many lanes as there are cores by default, but no more than four, and lets 256 wait", () => {
    expect(defaultHashingLimits()).to.deep.equal({ concurrent: Math.min(availableParallelism(), 4), waiting: 256 });
  });
});
