import { expect } from "chai";
import { AnswerLimit, type Limited, type Running } from "../../src/server/answer-limit.js";

/** Remembers the names of those that were given up. */
class Line {
  readonly givenUp: string[] = [];
  readonly done: Promise<void>;
  #finish = () => {};

  constructor(private readonly last: string) {
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  one(name: string, started: number): Limited {
    return {
      started,
      giveUp: () => {
        this.givenUp.push(name);
        if (name === this.last) this.#finish();
      },
    };
  }
}

describe("AnswerLimit", () => {
  const CASES: readonly (readonly [ended: readonly string[], left: readonly string[]])[] = [
    [[], ["a", "b", "c", "d"]],
    [["a"], ["b", "c", "d"]],
    [
      ["b", "c"],
      ["a", "d"],
    ],
    [["c", "b", "a"], ["d"]],
    [
      ["a", "c"],
      ["b", "d"],
    ],
  ];
  for (const [ended, left] of CASES) {
    it(`gives up what is left of four when ${ended.join(", ") || "none"} ended, in their order, and each once`, async () => {
      const line = new Line("d");
      const limit = new AnswerLimit(1);
      const running = new Map(
        ["a", "b", "c", "d"].map((name) => [name, limit.begin(line.one(name, performance.now()))]),
      );
      for (const name of ended) limit.end(running.get(name) as Running);
      for (const name of ended) limit.end(running.get(name) as Running);
      await line.done;
      expect(line.givenUp).to.deep.equal(left);
    });
  }

  it("begins anew where nothing was left", async () => {
    const limit = new AnswerLimit(1);
    const first = new Line("first");
    limit.end(limit.begin(new Line("other").one("other", performance.now())));
    limit.begin(first.one("first", performance.now()));
    await first.done;
    const second = new Line("second");
    limit.begin(second.one("second", performance.now()));
    await second.done;
    expect([...first.givenUp, ...second.givenUp]).to.deep.equal(["first", "second"]);
  });

  it("lets go of what has ended, so that nothing of one request holds the next", () => {
    const limit = new AnswerLimit(60_000);
    const line = new Line("");
    const [first, second, third] = ["first", "second", "third"].map((name) => limit.begin(line.one(name, 0)));
    limit.end(second as Running);
    expect(second).to.include({ before: null, after: null });
    expect(first?.after).to.equal(third);
    expect(third?.before).to.equal(first);
    limit.end(third as Running);
    expect(third).to.include({ before: null, after: null });
    expect(first).to.include({ before: null, after: null });
    limit.end(first as Running);
  });
});
