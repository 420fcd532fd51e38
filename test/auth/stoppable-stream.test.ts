import { expect } from "chai";
import { StoppableStream } from "../../src/auth/stoppable-stream.js";
import { rejection } from "../support/rejection.js";

/** A stream that the test drives. */
class Source implements AsyncIterableIterator<number> {
  readonly waiting: ((result: IteratorResult<number>) => void)[] = [];
  returned = 0;

  next(): Promise<IteratorResult<number>> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async return(): Promise<IteratorResult<number>> {
    this.returned += 1;
    return { done: true, value: undefined };
  }

  yield(value: number): void {
    this.waiting.shift()?.({ done: false, value });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const DONE = { done: true, value: undefined };

describe("StoppableStream", () => {
  let source: Source;
  let over: number;
  let stream: StoppableStream<number>;

  beforeEach(() => {
    source = new Source();
    over = 0;
    stream = new StoppableStream(
      source,
      () => (over += 1),
      (error) => new Error("told", { cause: error }),
    );
  });

  it("passes values on, and the end", async () => {
    const next = stream.next();
    source.yield(1);
    expect(await next).to.deep.equal({ done: false, value: 1 });
    const last = stream.next();
    source.waiting.shift()?.(DONE as IteratorResult<number>);
    expect(await last).to.deep.equal(DONE);
    expect(over).to.equal(1);
  });

  it("returns at once to a reader who waits, and lets the other stream go", async () => {
    const next = stream.next();
    expect(await stream.return()).to.deep.equal(DONE);
    expect(await next).to.deep.equal(DONE);
    expect(await stream.next()).to.deep.equal(DONE);
    await stream.return();
    expect([source.returned, over]).to.deep.equal([1, 1]);
  });

  it("fails a reader who waits, and one who asks later, once", async () => {
    const next = stream.next();
    stream.fail(new Error("over"));
    expect(await rejection(next)).to.have.property("message", "told");
    expect(await stream.next()).to.deep.equal(DONE);

    const unread = new StoppableStream(new Source(), () => undefined);
    unread.fail(new Error("over"));
    expect(await rejection(unread.next())).to.have.property("message", "over");
    expect(await unread.next()).to.deep.equal(DONE);
  });

  it("says nothing once it is silent, not even what was on its way, until it is returned", async () => {
    let heard = false;
    const next = stream.next().then((result) => {
      heard = true;
      return result;
    });
    stream.silence();
    source.yield(1);
    stream.fail(new Error("too late"));
    await new Promise(setImmediate);
    expect(heard).to.equal(false);
    expect(source.returned).to.equal(1);
    await stream.return();
    expect(await next).to.deep.equal(DONE);
    expect(over).to.equal(1);
  });

  it("tells of an error of the other stream in its own words", async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("of the host");
    }
    const told = new StoppableStream(
      failing(),
      () => (over += 1),
      () => new Error("in other words"),
    );
    expect(await told.next()).to.deep.equal({ done: false, value: 1 });
    expect(await rejection(told.next())).to.have.property("message", "in other words");
    expect(await told.next()).to.deep.equal(DONE);
    expect(over).to.equal(1);
  });
});
