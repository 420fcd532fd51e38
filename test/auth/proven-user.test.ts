import { expect } from "chai";
import { ProvenUser } from "../../src/auth/proven-user.js";
import type { AuthUser } from "../../src/auth-user.js";

const BEFORE = new Date("2024-01-01T00:00:00.123Z");
const AFTER = new Date("2024-01-01T00:00:00.124Z");
const ALICE: AuthUser = { id: "1", isActive: true };

describe("a user whose password was right", () => {
  for (const [name, found, now, isCurrent] of [
    ["as before", { ...ALICE, tokensValidAfter: BEFORE }, { ...ALICE, tokensValidAfter: new Date(BEFORE) }, true],
    ["of a directory that does not tell of changes", ALICE, { ...ALICE, tokensValidAfter: null }, true],
    ["with a later password", { ...ALICE, tokensValidAfter: BEFORE }, { ...ALICE, tokensValidAfter: AFTER }, false],
    [
      "with one of a clock that is behind",
      { ...ALICE, tokensValidAfter: AFTER },
      { ...ALICE, tokensValidAfter: BEFORE },
      false,
    ],
    ["with the first change", ALICE, { ...ALICE, tokensValidAfter: BEFORE }, false],
    ["inactive", ALICE, { ...ALICE, isActive: false }, false],
    ["gone", ALICE, null, false],
  ] as const) {
    it(`${isCurrent ? "is still that" : "is it no more"}: ${name}`, async () => {
      expect(await new ProvenUser<AuthUser>(found, async () => now).isCurrent()).to.equal(isCurrent);
    });
  }

  it("is it no more when the directory has changed the very object that it handed out", async () => {
    const alice = { ...ALICE, tokensValidAfter: BEFORE };
    const proven = new ProvenUser<AuthUser>(alice, async () => alice);
    alice.tokensValidAfter = AFTER;
    expect(await proven.isCurrent()).to.equal(false);
  });
});
