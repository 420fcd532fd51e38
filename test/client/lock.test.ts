import { expect } from "chai";
import { defaultLock, type Lock } from "../../src/client/lock.js";
import { rejection } from "../support/rejection.js";

type Locks = { request: (name: string, run: () => Promise<unknown>) => Promise<unknown> } | undefined;

/** Gives this process the Web Locks of a browser, or takes them away. */
function setLocks(locks: Locks): void {
  Object.defineProperty(globalThis, "navigator", { configurable: true, writable: true, value: { locks } });
}

/** Runs five at once. Answers the most that ran at the same time, and their order. */
async function crowd(lock: Lock): Promise<{ most: number; order: number[] }> {
  const order: number[] = [];
  let [running, most] = [0, 0];
  const run = async (index: number) => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    order.push(index);
    running -= 1;
    if (index === 2) throw new Error("the third fails");
  };
  await Promise.allSettled([0, 1, 2, 3, 4].map((index) => lock("name", () => run(index))));
  return { most, order };
}

describe("the client's own lock", () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  afterEach(() => {
    if (own) Object.defineProperty(globalThis, "navigator", own);
    else Reflect.deleteProperty(globalThis, "navigator");
  });

  it("lets one at a time run where there are no Web Locks, also after a failure", async () => {
    setLocks(undefined);
    const lock = defaultLock();
    expect(await crowd(lock)).to.deep.equal({ most: 1, order: [0, 1, 2, 3, 4] });
    expect(await lock("name", async () => "the result")).to.equal("the result");
  });

  it("asks the Web Locks where there are", async () => {
    const names: string[] = [];
    setLocks({ request: (name, run) => (names.push(name), run()) });
    const lock = defaultLock();
    expect(await lock("a", async () => 1)).to.equal(1);
    const failure = new Error("of what was run");
    expect(await rejection(lock("b", () => Promise.reject(failure)))).to.equal(failure);
    expect(names).to.deep.equal(["a", "b"]);
  });

  it("does without them where a page may not use them", async () => {
    setLocks({ request: () => Promise.reject(new DOMException("not here", "SecurityError")) });
    expect(await crowd(defaultLock())).to.deep.equal({ most: 1, order: [0, 1, 2, 3, 4] });
  });
});
