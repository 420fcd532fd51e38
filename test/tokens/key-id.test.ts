import { createSecretKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { expect } from "chai";
import { createSettings } from "../../src/settings/create-settings.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";
import { openKeyStore } from "../../src/tokens/open-key-store.js";
import { rejection } from "../support/rejection.js";
import { PAIRS } from "../settings/sample-keys.js";
import { decode, forge, SECRET_KEY, SECRET_KID } from "../support/forge.js";
import { accessTokens, NOW, refusalOf } from "./access-tokens-of.js";

const CLAIMS = { username: "alice", exp: NOW + 60 };
const REFUSED = "INVALID_TOKEN: Error decoding signature";
const OLD_SECRET = "an older secret, which is as long as it has to be for HS256";

const withKid = (kid: unknown, secret = SECRET_KEY) =>
  forge(CLAIMS, { header: { alg: "HS256", typ: "JWT", kid }, secret });
const jwk = (key: KeyObject, kid: string): JsonWebKey => ({ ...key.export({ format: "jwk" }), kid });

async function kidWith(values: JwtSettingsInput): Promise<unknown> {
  return decode(await (await accessTokens(values)).sign(CLAIMS), "header")["kid"];
}

describe("the kid of a token", () => {
  it("is refused if it names no key of ours, although the signature is right", async () => {
    expect(await refusalOf(withKid(SECRET_KID))).to.equal("accepted");
    for (const kid of [
      "unknown",
      `${SECRET_KID} `,
      SECRET_KID.toLowerCase(),
      "",
      "k".repeat(129),
      "k".repeat(5_000),
      "../../../../dev/null",
      "/dev/null",
      "file:keys.json",
      "' OR 1=1 --",
      "1; DROP TABLE user",
      "key\0id",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      0,
      1,
      null,
      true,
      [SECRET_KID],
      { kid: SECRET_KID },
      { toString: SECRET_KID },
    ]) {
      expect(await refusalOf(withKid(kid)), JSON.stringify(kid)).to.equal(REFUSED);
    }
  });

  it("names the one key that it is verified with", async () => {
    const values = { secretKeyFallbacks: [OLD_SECRET] };
    const oldKid = await kidWith({ secretKey: OLD_SECRET });
    expect(await refusalOf(withKid(oldKid, OLD_SECRET), values)).to.equal("accepted");
    expect(await refusalOf(withKid(oldKid, SECRET_KEY), values)).to.equal(REFUSED);
    expect(await refusalOf(withKid(SECRET_KID, OLD_SECRET), values)).to.equal(REFUSED);
  });

  it("may be missing, as in the tokens of Django: then every key of ours is tried", async () => {
    const values = { secretKeyFallbacks: [OLD_SECRET] };
    for (const secret of [SECRET_KEY, OLD_SECRET])
      expect(await refusalOf(forge(CLAIMS, { secret }), values)).to.equal("accepted");
  });

  it("is that of the JWK, where it has one", async () => {
    const { privateKey, publicKey } = PAIRS.ed25519;
    expect(await kidWith({ algorithm: "EdDSA", privateKey: jwk(privateKey, "own") })).to.equal("own");
    const pair = { privateKey, publicKey: jwk(publicKey, "of the public half") };
    expect(await kidWith({ algorithm: "EdDSA", ...pair })).to.equal("of the public half");
    const secretKey = jwk(createSecretKey(Buffer.from(SECRET_KEY)), "shared");
    expect(await kidWith({ secretKey })).to.equal("shared");
  });

  it("tells nothing of a secret that the secret's hash would tell", async () => {
    const { settings } = await createSettings({ secretKey: SECRET_KEY });
    const { keys } = await (await openKeyStore(settings)).ringAt(new Date());
    expect(keys.map(({ kid, published }) => [kid, published])).to.deep.equal([[SECRET_KID, undefined]]);
  });

  it("must not be that of two keys", async () => {
    const secret = (text: string) => jwk(createSecretKey(Buffer.from(text)), "one");
    const values = { secretKey: secret(SECRET_KEY), secretKeyFallbacks: [secret(OLD_SECRET)] };
    const { settings } = await createSettings({ values });
    expect(await rejection(openKeyStore(settings))).to.have.property(
      "message",
      'The settings are not valid:\nsecretKey is one of two keys with the kid "one"',
    );
    const twice = await createSettings({ values: { ...values, secretKeyFallbacks: [secret(SECRET_KEY)] } });
    expect((await openKeyStore(twice.settings)).canSign).to.equal(true);
  });
});
