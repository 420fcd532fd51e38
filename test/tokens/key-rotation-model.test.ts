import { expect } from "chai";
import * as fc from "fast-check";
import { createSettings } from "../../src/settings/create-settings.js";
import { AccessTokens } from "../../src/tokens/access-tokens.js";
import { openKeyStore } from "../../src/tokens/open-key-store.js";
import { KEY_SET_SETTINGS, KeySet } from "../support/key-set.js";
import { TestClock } from "../support/test-clock.js";

const LIFETIME = 300;
/** How far the clocks of two servers are apart, seconds: what the margin of an old key allows for. */
const SKEWS = [0, -30, 30];

/** A server that shares the key set, with a clock of its own. */
class Server {
  private constructor(
    private readonly tokens: AccessTokens,
    private readonly context: { settings: Awaited<ReturnType<typeof createSettings>>["settings"]; request: undefined },
    private readonly clock: TestClock,
    private readonly skew: number,
  ) {}

  static async start(keySet: string, clock: TestClock, skew: number): Promise<Server> {
    const environment = { ...KEY_SET_SETTINGS, JWT_KEY_SET: keySet };
    const { settings } = await createSettings({ environment, secretKey: "k".repeat(64) });
    const own = { now: () => new Date(clock.now().getTime() + skew * 1000) };
    const tokens = await AccessTokens.create(settings, await openKeyStore(settings, { clock: own }));
    return new Server(tokens, { settings, request: undefined }, clock, skew);
  }

  get seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000) + this.skew;
  }

  async issue(): Promise<{ token: string; exp: number }> {
    const exp = this.seconds + LIFETIME;
    return { token: await this.tokens.sign({ username: "alice", exp }, this.now()), exp };
  }

  async accepts(token: string): Promise<boolean> {
    return this.tokens.verify(token, this.now()).then(
      () => true,
      () => false,
    );
  }

  private now() {
    return { ...this.context, now: new Date(this.seconds * 1000) };
  }
}

type Step =
  | { readonly type: "rotate"; readonly lead: number }
  | { readonly type: "wait"; readonly seconds: number }
  | { readonly type: "issue"; readonly server: number }
  | { readonly type: "use"; readonly server: number };

const server = fc.nat({ max: SKEWS.length - 1 });
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant("rotate"), lead: fc.constantFrom(70, 120, 3600) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("wait"),
      seconds: fc.constantFrom(1, 9, 10, 59, 61, 120, 299, 300, 361, 3600),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("issue"), server }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("use"), server }) },
);

describe("any order of rotations, tokens and time", () => {
  it("leaves every token accepted until its exp, on every server, and none after it", async function () {
    this.timeout(60_000);
    let used = 0;
    const kids = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 5, maxLength: 40, size: "max" }), async (steps) => {
        const clock = new TestClock();
        const keySet = new KeySet(clock);
        try {
          await keySet.rotate();
          const servers = await Promise.all(SKEWS.map((skew) => Server.start(keySet.path, clock, skew)));
          const issued: { token: string; exp: number }[] = [];
          const check = async (at: Server) => {
            for (const { token, exp } of issued) {
              expect(await at.accepts(token), `${token} at ${at.seconds}`).to.equal(at.seconds < exp);
              used += 1;
            }
          };
          for (const step of steps) {
            if (step.type === "wait") clock.advance(step.seconds);
            else if (step.type === "rotate") await keySet.rotate(["--lead", String(step.lead)]);
            else if (step.type === "issue") issued.push(await (servers[step.server] as Server).issue());
            else await check(servers[step.server] as Server);
          }
          for (const each of servers) await check(each);
          kids.add(keySet.kids.length);
        } finally {
          keySet.remove();
        }
      }),
      { numRuns: 60 },
    );
    // It has looked at something: at sets of one key and of several.
    expect(used).to.be.above(100);
    expect(kids.size).to.be.above(1);
  });

  it("allows for a server whose clock is behind that of whoever rotates", async () => {
    const clock = new TestClock();
    const keySet = new KeySet(clock);
    try {
      await keySet.rotate();
      const [oldKid = ""] = keySet.kids;
      const behind = await Server.start(keySet.path, clock, -30);
      await keySet.rotate(["--lead", "120"]);
      clock.advance(149); // 29 seconds late, and one second too early for the next key on the server's own clock.
      const { token, exp } = await behind.issue();
      clock.advance(120 + LIFETIME - 149);
      await keySet.rotate();
      clock.advance(10);
      expect(keySet.kids).to.include(oldKid);
      expect(behind.seconds).to.be.below(exp);
      expect(await behind.accepts(token)).to.equal(true);
    } finally {
      keySet.remove();
    }
  });
});
