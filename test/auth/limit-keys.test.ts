import { createSecretKey } from "node:crypto";
import { expect } from "chai";
import { LimitKeys } from "../../src/auth/limit-keys.js";
import { PAIRS } from "../settings/sample-keys.js";

const secret = (text: string) => createSecretKey(Buffer.from(text));

describe("the keys that attempts are counted under", () => {
  it("are the same for the same parts and secret alone, whatever kind of key that is", () => {
    const secrets = [undefined, secret("one"), secret("other"), PAIRS.ed25519.privateKey, PAIRS.rsa.privateKey];
    const keys = secrets.map((key) => new LimitKeys(key).of("alice", "192.0.2.1"));
    for (const key of keys) expect(key).to.match(/^[\w-]{43}$/);
    expect(new Set(keys).size).to.equal(secrets.length);
    expect(secrets.map((key) => new LimitKeys(key).of("alice", "192.0.2.1"))).to.deep.equal(keys);
  });

  it("tell apart where one part ends and the next begins", () => {
    const keys = new LimitKeys(secret("one"));
    const parts = [["a", "bc"], ["ab", "c"], ["abc"], ["abc", ""], ["", "abc"], ['a","bc'], ["a,bc"]];
    expect(new Set(parts.map((of) => keys.of(...of))).size).to.equal(parts.length);
  });
});
