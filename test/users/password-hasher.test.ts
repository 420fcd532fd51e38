import { hashSync } from "@node-rs/argon2";
import { expect } from "chai";
import { PasswordHasher } from "../../src/users/password-hasher.js";

const CHEAP = { memoryCost: 64, timeCost: 1 };
const hasher = new PasswordHasher(CHEAP);

describe("PasswordHasher", () => {
  it("verifies the password that it hashed, and no other", async () => {
    const hash = await hasher.hash("correct horse 😀");
    expect(await hasher.verify(hash, "correct horse 😀")).to.equal(true);
    expect(await hasher.verify(hash, "correct horse")).to.equal(false);
    expect(await hasher.verify(hash, "")).to.equal(false);
  });

  it("salts: the same password never has the same hash", async () => {
    expect(await hasher.hash("secret")).to.not.equal(await hasher.hash("secret"));
  });

  it("uses argon2id with 19 MiB and two passes unless told otherwise", async () => {
    expect(await new PasswordHasher().hash("secret")).to.match(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/,
    );
    expect(await hasher.hash("secret")).to.match(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  });

  const unreadable = [
    null,
    "",
    "secret",
    "$argon2id$",
    "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$",
    "$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHRzYWx0$aGFzaA",
    "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
    "pbkdf2_sha256$720000$salt$hash=",
  ];
  for (const hash of unreadable) {
    it(`answers false for the hash ${JSON.stringify(hash)}`, async () => {
      expect(await hasher.verify(hash, "secret")).to.equal(false);
      expect(await hasher.verify(hash, "")).to.equal(false);
    });
  }

  it("spends as much on a user that does not exist as on one that does", async function () {
    this.timeout(120_000); // Where others fill the cores, threads that hash get a thirtieth of one.
    const costly = new PasswordHasher({ timeCost: 8 });
    const hash = await costly.hash("secret");
    await costly.verify(null, "warm"); // makes the decoy
    const real = await cost(() => costly.verify(hash, "wrong"));
    const none = await cost(() => costly.verify(null, "wrong"));
    const damaged = await cost(() => costly.verify(hash.slice(0, -30), "wrong"));
    expect(none / real).to.be.within(0.5, 1.7);
    expect(damaged / real).to.be.greaterThan(0.5);
  });

  it("knows hashes of other costs and kinds", async () => {
    const hash = await hasher.hash("secret");
    expect(hasher.needsRehash(hash)).to.equal(false);
    expect(new PasswordHasher({ ...CHEAP, memoryCost: 128 }).needsRehash(hash)).to.equal(true);
    expect(new PasswordHasher({ ...CHEAP, timeCost: 2 }).needsRehash(hash)).to.equal(true);
    expect(new PasswordHasher({ ...CHEAP, parallelism: 2 }).needsRehash(hash)).to.equal(true);
    expect(hasher.needsRehash(hashSync("secret", { ...CHEAP, algorithm: 1 }))).to.equal(true);
    expect(hasher.needsRehash("not a hash")).to.equal(true);
  });
});

/** Microseconds of processor time, which a busy machine changes little; the least of some runs. */
async function cost(run: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let round = 0; round < 7; round++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    costs.push(user + system);
  }
  return Math.min(...costs);
}
