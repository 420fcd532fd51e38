import { chmodSync, chownSync, existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parseKeySet } from "../../src/settings/jwk-set.js";
import { changeFile, FileLockedError } from "../../src/tokens/change-file.js";
import { JWKS_MAX_AGE } from "../../src/request/jwks-response.js";
import { FILE_TIMES, URL_TIMES } from "../../src/tokens/open-key-store.js";
import { CLOCK_MARGIN, DEFAULT_LEAD } from "../../src/tokens/rotation.js";
import { janusAuth, janusAuthHere } from "../support/command-line.js";
import { KEY_SET_SETTINGS, KeySet } from "../support/key-set.js";
import { rejection } from "../support/rejection.js";
import { TestClock } from "../support/test-clock.js";

const NOW = 1_704_067_200;
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("janus-auth rotate-keys", () => {
  let clock: TestClock;
  let keySet: KeySet;

  beforeEach(() => {
    clock = new TestClock();
    keySet = new KeySet(clock);
  });
  afterEach(() => keySet.remove());

  it("makes a file with a first key, which signs at once and is its owner's alone", async () => {
    const printed = await keySet.rotate();
    const [kid] = keySet.kids;
    expect(printed).to.equal(`Made ${keySet.path}.\n${kid} has signed since 2024-01-01T00:00:00Z\n`);
    expect(keySet.keys).to.have.length(1);
    expect(keySet.keys[0]).to.include({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", signs_from: NOW });
    expect(modeOf(keySet.path)).to.equal(0o600);
    expect(readdirSync(keySet.directory)).to.deep.equal(["keys.json"]);
  });

  it("publishes the next key before it signs, and says until when the old one verifies", async () => {
    await keySet.rotate();
    const [oldKid = ""] = keySet.kids;
    clock.advance(86_400);
    const printed = await keySet.rotate();
    const [old, next] = keySet.keys;
    expect(next).to.include({ signs_from: NOW + 86_400 + 3600 });
    expect(next).not.to.have.property("verifies_until");
    expect(old).to.include({ kid: oldKid, verifies_until: NOW + 86_400 + 3600 + 300 + CLOCK_MARGIN });
    expect(printed).to.equal(
      [
        `${oldKid} has signed since 2024-01-01T00:00:00Z, verifies until 2024-01-02T01:06:00Z`,
        `${next?.kid} signs from 2024-01-02T01:00:00Z`,
        "",
      ].join("\n"),
    );
    for (const { d = "" } of keySet.keys) expect(printed).not.to.include(d);
  });

  it("publishes it for longer than any cache of ours keeps the keys", () => {
    expect(DEFAULT_LEAD).to.be.above(JWKS_MAX_AGE + URL_TIMES.every + FILE_TIMES.every + 2 * CLOCK_MARGIN);
  });

  it("changes nothing when it runs twice in a row", async () => {
    await keySet.rotate();
    await keySet.rotate();
    const before = keySet.text;
    clock.advance(3599);
    expect(await keySet.rotate()).to.match(/^The next key is published already: nothing was added\.\n/);
    expect(keySet.text).to.equal(before);
    clock.advance(1);
    expect(await keySet.rotate()).not.to.include("nothing was added");
    expect(keySet.keys).to.have.length(3);
  });

  it("drops a key whose last token is gone", async () => {
    await keySet.rotate();
    await keySet.rotate();
    const [oldKid = "", kid = ""] = keySet.kids;
    clock.advance(3600 + 360);
    expect(await keySet.rotate()).to.include(`Dropped ${oldKid}: its last token is gone.\n`);
    expect(keySet.kids).to.have.length(2).and.to.include(kid).and.not.to.include(oldKid);
  });

  it("takes the lead and the time to keep the old key from its options, and the lifetime of tokens from the settings", async () => {
    await keySet.rotate();
    await keySet.rotate(["--lead", "1 day"], { ...KEY_SET_SETTINGS, JWT_EXPIRATION_DELTA: "10m", JWT_LEEWAY: "30s" });
    expect(keySet.keys[1]).to.include({ signs_from: NOW + 86_400 });
    expect(keySet.keys[0]).to.include({ verifies_until: NOW + 86_400 + 600 + 30 + CLOCK_MARGIN });
    clock.advance(86_400);
    await keySet.rotate(["--lead", "0", "--keep", "7 days"]);
    expect(keySet.keys[1]).to.include({ verifies_until: NOW + 86_400 + 7 * 86_400 + CLOCK_MARGIN });
    const wrong = await janusAuthHere(["rotate-keys", "--lead", "soon"], { environment: { JWT_KEY_SET: keySet.path } });
    expect(wrong).to.deep.equal({
      code: 2,
      stdout: "",
      stderr:
        "janus-auth: option '--lead <duration>' argument 'soon' is invalid. It must be a duration such as 300, \"5m\" or \"7 days\".\n",
    });
  });

  it("keeps old keys for ever where tokens never expire, and says so", async () => {
    const environment = { ...KEY_SET_SETTINGS, JWT_PROFILE: "documented", JWT_KEY_SET: keySet.path };
    const run = () => janusAuthHere(["rotate-keys"], { environment, clock });
    expect((await run()).stderr).to.equal("");
    const { code, stderr } = await run();
    expect(code).to.equal(0);
    expect(stderr).to.equal(
      "janus-auth: warning: verifyExpiration is off, tokens never expire: old keys verify until you say with --keep for how long, or delete them\n",
    );
    clock.advance(365 * 86_400);
    await run();
    expect(keySet.keys).to.have.length(3);
    for (const key of keySet.keys) expect(key).not.to.have.property("verifies_until");
  });

  for (const algorithm of ["HS384", "RS256", "ES512"] as const) {
    it(`makes keys that fit ${algorithm}`, async () => {
      await keySet.rotate([], { JWT_ALGORITHM: algorithm });
      await keySet.rotate([], { JWT_ALGORITHM: algorithm });
      expect(parseKeySet(keySet.text, algorithm).map(({ key }) => key.type)).to.deep.equal(
        Array.from({ length: 2 }, () => (algorithm === "HS384" ? "secret" : "private")),
      );
    });
  }

  it("loses no key when several processes do it at once", async function () {
    this.timeout(60_000);
    const environment = { ...KEY_SET_SETTINGS, JWT_KEY_SET: keySet.path };
    const runs = () =>
      Promise.all(Array.from({ length: 4 }, () => janusAuth(["rotate-keys", "--lead", "0"], { environment })));
    const outcomes = await runs();
    for (const { code, stderr } of outcomes) expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const told = outcomes.map(({ stdout }) => stdout);
    expect(told.filter((text) => text.startsWith("Made"))).to.have.length(1);
    // Each added one, unless it began in the second before that of another that went first: whose key was waiting then.
    expect(keySet.keys).to.have.length(told.filter((text) => !text.includes("nothing was added")).length);
    for (const text of told) for (const [kid] of text.matchAll(/^\S{43}(?= )/gm)) expect(keySet.kids).to.include(kid);
    expect(readdirSync(keySet.directory)).to.deep.equal(["keys.json"]);
  });

  it("waits for a lock, does not break one, and says what to do", async () => {
    await keySet.rotate();
    const before = keySet.text;
    writeFileSync(`${keySet.path}.lock`, "");
    const change = async () => ({ text: "broken", result: undefined });
    const error = await rejection(changeFile(keySet.path, change, 100));
    expect(error).to.be.instanceOf(FileLockedError);
    expect(error).to.have.property(
      "message",
      `another process is changing the file: if none is running, delete ${keySet.path}.lock`,
    );
    expect(keySet.text).to.equal(before);
    expect(existsSync(`${keySet.path}.lock`)).to.equal(true);
  });

  it("leaves a broken file as it is, and shows nothing of it", async () => {
    await keySet.rotate();
    const broken = keySet.text.slice(0, -10);
    writeFileSync(keySet.path, broken);
    const environment = { ...KEY_SET_SETTINGS, JWT_KEY_SET: keySet.path };
    expect(await janusAuthHere(["rotate-keys"], { environment, clock })).to.deep.equal({
      code: 78,
      stdout: "",
      stderr: 'janus-auth: JWT_KEY_SET must be a JWK Set, {"keys": […]}, with at most 100 keys\n',
    });
    expect(keySet.text).to.equal(broken);
    expect(readdirSync(keySet.directory)).to.deep.equal(["keys.json"]);
  });

  it("keeps the permissions of the file, and a link to it", async () => {
    await keySet.rotate();
    chmodSync(keySet.path, 0o640);
    const link = join(keySet.directory, "link.json");
    symlinkSync("keys.json", link);
    await keySet.rotate([], { ...KEY_SET_SETTINGS, JWT_KEY_SET: link });
    expect(keySet.keys).to.have.length(2);
    expect(modeOf(keySet.path)).to.equal(0o640);
  });

  it("keeps the owner of the file, who is the one that the servers run as", async function () {
    if (process.getuid?.() !== 0) this.skip(); // Nobody else may give a file away.
    await keySet.rotate();
    chownSync(keySet.path, 65_534, 65_533);
    await keySet.rotate();
    expect(keySet.keys).to.have.length(2);
    expect(statSync(keySet.path)).to.include({ uid: 65_534, gid: 65_533 });
    expect(modeOf(keySet.path)).to.equal(0o600);
  });

  for (const [title, path, code] of [
    ["in a folder that is not there", "none/keys.json", "ENOENT"],
    ["that is a folder", ".", "EISDIR"],
  ] as const) {
    it(`names the setting of a file ${title}`, async () => {
      const environment = { ...KEY_SET_SETTINGS, JWT_KEY_SET: join(keySet.directory, path) };
      expect(await janusAuthHere(["rotate-keys"], { environment, clock })).to.deep.equal({
        code: 78,
        stdout: "",
        stderr: `janus-auth: JWT_KEY_SET names a file that can be neither read nor written (${code})\n`,
      });
    });
  }

  it("needs the name of a file", async () => {
    expect(await janusAuthHere(["rotate-keys"], { environment: { SECRET_KEY: "k".repeat(64) } })).to.deep.equal({
      code: 78,
      stdout: "",
      stderr: "janus-auth: JWT_KEY_SET names no file: set JWT_KEY_SET to the path of the one to make and to rotate\n",
    });
  });
});
