import { createSecretKey } from "node:crypto";
import { expect } from "chai";
import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  property,
  record,
  string,
  tuple,
} from "fast-check";
import { silentLogger } from "../../src/logger.js";
import { createSettings } from "../../src/settings/create-settings.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";
import { AccessTokens } from "../../src/tokens/access-tokens.js";
import { ReloadedKeys } from "../../src/tokens/reloaded-keys.js";
import { type TokenKey, tokenKey } from "../../src/tokens/token-key.js";
import { VerifiedTokens } from "../../src/tokens/verified-tokens.js";
import { forge, SECRET_KEY } from "../support/forge.js";
import { accessTokens, NOW } from "./access-tokens-of.js";

const OTHER_KEY = "another secret key, which signs nothing that is to be believed here";

/** Tokens of every kind: good for different times, not yet good, somebody else's, of another type or key, and none. */
const TOKENS = [
  forge({ username: "alice", exp: NOW + 10 }),
  forge({ username: "bob", exp: NOW + 30, nbf: NOW + 5, roles: ["a", { b: 1 }] }),
  forge({ username: "carol" }),
  forge({ username: "dave", exp: NOW + 20, iat: NOW + 8 }),
  forge({ username: "erin", exp: NOW + 20, aud: "others" }),
  forge({ username: "frank", exp: NOW + 20 }, { header: { alg: "HS256", typ: "at+jwt" } }),
  forge({ username: "grace", exp: NOW + 20 }, { secret: OTHER_KEY }),
  forge({ username: "heidi", exp: "soon" }),
  `${forge({ username: "alice", exp: NOW + 10 })}A`,
  "no token",
];

const SETTINGS: JwtSettingsInput[] = [
  { verifyExpiration: true },
  { verifyExpiration: false },
  { profile: "hardened" },
  { verify: false },
];

interface Step {
  readonly token: string;
  /** By how much the clock moves before, seconds. */
  readonly passed: number;
}

const steps: Arbitrary<Step[]> = array(
  record({ token: constantFrom(...TOKENS), passed: integer({ min: -5, max: 12 }) }),
  { maxLength: 40 },
);

describe("remembered tokens", () => {
  it("change no answer, whatever comes in whatever order at whatever time", async () => {
    await assert(
      asyncProperty(constantFrom(...SETTINGS), steps, async (values, sequence) => {
        const { settings } = await createSettings({ secretKey: SECRET_KEY, values });
        const remembering = await AccessTokens.create(settings);
        let seconds = NOW;
        for (const { token, passed } of sequence) {
          seconds += passed;
          const context = { settings, now: new Date(seconds * 1000), request: undefined };
          const forgetful = await AccessTokens.create(settings);
          const expected = await outcomeOf(forgetful.verify(token, context));
          expect(await outcomeOf(remembering.verify(token, context))).to.deep.equal(expected);
          expect([NOT_RECALLED, expected]).to.deep.include(await outcomeOf(recalled(remembering, token, context)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are given out as copies: what a handler does to one changes no later answer", async () => {
    const claims = { username: "alice", exp: NOW + 10, aud: ["a"], address: { city: "Rome" } };
    const { verify } = await accessTokens({ audience: "a" });
    const token = forge(claims);
    for (let use = 0; use < 3; use += 1) {
      const payload = await verify(token);
      expect(payload).to.deep.equal(claims);
      payload.username = "mallory";
      payload.exp = NOW + 1_000_000;
      (payload.aud as string[]).push("b");
      (payload["address"] as { city: string }).city = "Paris";
    }
  });

  it("are believed only under the keys that they were verified with", () => {
    const [before, after] = [{}, {}];
    const tokens = new VerifiedTokens();
    tokens.add("token", { username: "alice" }, before);
    expect(tokens.payloadOf("token", before)).to.deep.equal({ username: "alice" });
    expect(tokens.payloadOf("token", after)).to.equal(undefined);
    tokens.add("other", { username: "bob" }, after);
    expect(tokens.payloadOf("token", after)).to.equal(undefined);
    expect(tokens.payloadOf("token", before)).to.equal(undefined);
    expect(tokens.size).to.deep.equal({ tokens: 1, characters: 5 });
  });

  it("do not outlive a key that is taken out of the settings", async () => {
    const old = forge({ username: "alice", exp: NOW + 10 }, { secret: OTHER_KEY });
    const rotating = await accessTokens({ secretKeyFallbacks: [OTHER_KEY] });
    expect((await rotating.verify(old)).username).to.equal("alice");
    expect((await rotating.verify(old)).username).to.equal("alice");
    const rotated = await accessTokens();
    expect(await outcomeOf(rotated.verify(old))).to.deep.equal({ refused: "INVALID_TOKEN: Error decoding signature" });
  });

  it("change no answer while keys come and go", async () => {
    const [one, other] = await Promise.all(
      [SECRET_KEY, OTHER_KEY].map((key) => tokenKey({ key: createSecretKey(key, "utf8"), signs: true }, "HS256")),
    );
    const sets: Readonly<Record<string, TokenKey[]>> = {
      both: [one, other].filter((key) => key !== undefined),
      one: [one].filter((key) => key !== undefined),
      other: [other].filter((key) => key !== undefined),
    };
    const tokens = [
      ...TOKENS.slice(0, 4),
      ...[one, other].map((key) =>
        forge({ username: "kid", exp: NOW + 9 }, { header: { alg: "HS256", kid: key?.kid }, secret: SECRET_KEY }),
      ),
      forge({ username: "ivan", exp: NOW + 20 }, { secret: OTHER_KEY }),
    ];
    const step = record({
      token: constantFrom(...tokens),
      passed: integer({ min: -2, max: 4 }),
      keys: constantFrom("both", "one", "other"),
    });
    await assert(
      asyncProperty(array(step, { maxLength: 40 }), constantFrom(0, 3), async (sequence, every) => {
        const { settings } = await createSettings({ secretKey: SECRET_KEY, values: { verifyExpiration: true } });
        let current = "both";
        const store = new ReloadedKeys({
          place: "keys",
          read: async () => current,
          parse: async (text) => sets[text] ?? [],
          times: { every, coolDown: 0, keep: Infinity },
          logger: silentLogger,
        });
        const remembering = await AccessTokens.create(settings, store);
        let seconds = NOW;
        for (const { token, passed, keys } of sequence) {
          [current, seconds] = [keys, seconds + passed];
          const context = { settings, now: new Date(seconds * 1000), request: undefined };
          const forgetful = await AccessTokens.create(settings, store);
          const expected = await outcomeOf(forgetful.verify(token, context));
          expect(await outcomeOf(remembering.verify(token, context))).to.deep.equal(expected);
          expect([NOT_RECALLED, expected]).to.deep.include(await outcomeOf(recalled(remembering, token, context)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are told without waiting, unless the keys have to be read again", async () => {
    const { settings } = await createSettings({ secretKey: SECRET_KEY, values: { verifyExpiration: true } });
    const keys = [await tokenKey({ key: createSecretKey(SECRET_KEY, "utf8"), signs: true }, "HS256")];
    let read = 0;
    const store = new ReloadedKeys({
      place: "keys",
      read: async () => String((read += 1)),
      parse: async () => keys,
      times: { every: 10, coolDown: 1, keep: 25 },
      logger: silentLogger,
    });
    const tokens = await AccessTokens.create(settings, store);
    const [short, long] = [10, 100].map((lifetime) => forge({ username: "alice", exp: NOW + lifetime })) as [
      string,
      string,
    ];
    const at = (passed: number) => ({ settings, now: new Date((NOW + passed) * 1000), request: undefined });
    expect(tokens.recall(long, at(0))).to.equal(undefined);
    await tokens.verify(long, at(0));
    await tokens.verify(short, at(0));
    expect(tokens.recall(long, at(9))).to.deep.equal({ username: "alice", exp: NOW + 100 });
    expect(() => tokens.recall(short, at(9.9))).to.not.throw();
    expect(tokens.recall(long, at(10))).to.equal(undefined);
    expect(read).to.equal(1);
    await store.ringAt(at(10).now);
    expect(tokens.recall(long, at(10)), "verified under keys that were read anew").to.equal(undefined);
    await tokens.verify(long, at(10));
    await tokens.verify(short, at(9));
    expect(() => tokens.recall(short, at(11))).to.throw("Signature has expired");
  });

  it("are as many and as long as the limits allow, and no more, whatever is added", () => {
    const limits = { tokens: 5, characters: 40 };
    const added = array(tuple(string({ minLength: 1, maxLength: 50 }), boolean()), { maxLength: 60 });
    assert(
      property(added, (sequence) => {
        const tokens = new VerifiedTokens(limits);
        const rings = [{}, {}];
        for (const [token, ring] of sequence) {
          const keys = rings[Number(ring)] ?? {};
          tokens.add(token, { username: token }, keys);
          expect(tokens.size.tokens).to.be.at.most(limits.tokens);
          expect(tokens.size.characters).to.be.within(0, limits.characters);
          const known = tokens.payloadOf(token, keys);
          expect(known).to.deep.equal(token.length > limits.characters ? undefined : { username: token });
        }
      }),
    );
  });

  it("forget the oldest first", () => {
    const keys = {};
    const tokens = new VerifiedTokens({ tokens: 2, characters: 100 });
    for (const token of ["a", "b", "c"]) tokens.add(token, {}, keys);
    expect(["a", "b", "c"].filter((token) => tokens.payloadOf(token, keys))).to.deep.equal(["b", "c"]);
  });
});

/** What is answered where nothing can be told at once. */
const NOT_RECALLED = { payload: undefined };

async function recalled(tokens: AccessTokens, ...[token, context]: Parameters<AccessTokens["recall"]>) {
  return tokens.recall(token, context);
}

async function outcomeOf(verified: Promise<unknown>): Promise<unknown> {
  try {
    return { payload: await verified };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { refused: `${code}: ${message}` };
  }
}
