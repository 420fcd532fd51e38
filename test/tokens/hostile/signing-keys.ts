import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { Algorithm } from "../../../src/settings/algorithms.js";
import type { JwtSettingsInput } from "../../../src/settings/input.js";
import { PAIRS, sample, type SamplePair } from "../../settings/sample-keys.js";
import { SECRET_KEY } from "../../support/forge.js";

type Sign = (data: string) => Buffer;

/** What somebody who knows our key, and somebody who does not, can sign with node:crypto alone. */
export interface SigningKey {
  readonly algorithm: Algorithm;
  /** What the server is given. */
  readonly settings: JwtSettingsInput;
  readonly sign: Sign;
  /** With another key of the same kind. */
  readonly signAsStranger: Sign;
  /** With our key, by algorithms that it fits as well: what a server with one algorithm refuses nevertheless. */
  readonly others: Readonly<Record<string, Sign>>;
  /** Every spelling of the public key that somebody may have taken for an HMAC's secret. */
  readonly publicSpellings: Readonly<Record<string, string | Buffer>>;
  /** Signatures that are none, whatever was signed. */
  readonly brokenSignatures: Readonly<Record<string, Sign>>;
}

const hmac =
  (hash: string, secret: string | Buffer): Sign =>
  (data) =>
    createHmac(hash, secret).update(data).digest();

function secretKey(): SigningKey {
  return {
    algorithm: "HS256",
    settings: { algorithm: "HS256" },
    sign: hmac("sha256", SECRET_KEY),
    signAsStranger: hmac("sha256", "another secret of a good length, but not ours"),
    others: { HS384: hmac("sha384", SECRET_KEY), HS512: hmac("sha512", SECRET_KEY) },
    publicSpellings: {},
    brokenSignatures: {
      "an HMAC with an empty key": hmac("sha256", ""),
      "half an HMAC": (data) => hmac("sha256", SECRET_KEY)(data).subarray(0, 16),
      "an HMAC and a byte": (data) => Buffer.concat([hmac("sha256", SECRET_KEY)(data), Buffer.alloc(1)]),
      "the HMAC of the right key with another hash": hmac("sha512", SECRET_KEY),
      "an HMAC in hexadecimal": (data) => Buffer.from(hmac("sha256", SECRET_KEY)(data).toString("hex")),
      "32 zero bytes": () => Buffer.alloc(32),
    },
  };
}

function publicSpellings({ publicKey, publicPem }: SamplePair): SigningKey["publicSpellings"] {
  return {
    PEM: publicPem,
    "PEM without the last newline": publicPem.trimEnd(),
    DER: publicKey.export({ type: "spki", format: "der" }),
    JWK: JSON.stringify(publicKey.export({ format: "jwk" })),
  };
}

function rsaKey(pair: SamplePair, stranger: SamplePair): SigningKey {
  const { privateKey } = pair;
  const by =
    (hash: string): Sign =>
    (data) =>
      sign(hash, Buffer.from(data), privateKey);
  const pss = { key: privateKey, padding: 6, saltLength: 32 }; // RSA_PKCS1_PSS_PADDING
  return {
    algorithm: "RS256",
    settings: { algorithm: "RS256", privateKey },
    sign: by("sha256"),
    signAsStranger: (data) => sign("sha256", Buffer.from(data), stranger.privateKey),
    others: { RS512: by("sha512"), PS256: (data) => sign("sha256", Buffer.from(data), pss) },
    publicSpellings: publicSpellings(pair),
    brokenSignatures: {
      "a PSS signature": (data) => sign("sha256", Buffer.from(data), pss),
      "a signature over SHA-1": by("sha1"),
      "a zero byte and the signature": (data) => Buffer.concat([Buffer.alloc(1), by("sha256")(data)]),
      "256 zero bytes": () => Buffer.alloc(256),
      "the number one": () => Buffer.concat([Buffer.alloc(255), Buffer.of(1)]),
    },
  };
}

function ecKey(pair: SamplePair, stranger: SamplePair): SigningKey {
  const dsaEncoding = "ieee-p1363";
  const by =
    (hash: string, key = pair.privateKey): Sign =>
    (data) =>
      sign(hash, Buffer.from(data), { key, dsaEncoding });
  return {
    algorithm: "ES256",
    settings: { algorithm: "ES256", privateKey: pair.privateKey },
    sign: by("sha256"),
    signAsStranger: by("sha256", stranger.privateKey),
    others: { ES256K: by("sha256"), ES384: by("sha384"), ES512: by("sha512") },
    publicSpellings: publicSpellings(pair),
    brokenSignatures: {
      "a signature in DER": (data) => sign("sha256", Buffer.from(data), pair.privateKey),
      // CVE-2022-21449: r = s = 0 verified for every message.
      "64 zero bytes": () => Buffer.alloc(64),
      "r alone": (data) => by("sha256")(data).subarray(0, 32),
      "r and s exchanged": (data) => {
        const signature = by("sha256")(data);
        return Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]);
      },
      "a signature and a byte": (data) => Buffer.concat([by("sha256")(data), Buffer.alloc(1)]),
    },
  };
}

/** The order of Ed25519's group (RFC 8032, section 5.1). */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The same signature with S beyond the order of the group, which RFC 8032, section 5.1.7, refuses. */
function beyondTheOrder(signature: Buffer): Buffer {
  const bigEndian = reversed(signature.subarray(32)).toString("hex");
  const s = (BigInt(`0x${bigEndian}`) + ED25519_ORDER).toString(16).padStart(64, "0");
  return Buffer.concat([signature.subarray(0, 32), reversed(Buffer.from(s, "hex"))]);
}

function reversed(bytes: Buffer): Buffer {
  return Buffer.from([...bytes].toReversed());
}

function edKey(pair: SamplePair, stranger: SamplePair): SigningKey {
  const by = (data: string) => sign(null, Buffer.from(data), pair.privateKey);
  return {
    algorithm: "EdDSA",
    settings: { algorithm: "EdDSA", privateKey: pair.privateKey },
    sign: by,
    signAsStranger: (data) => sign(null, Buffer.from(data), stranger.privateKey),
    // The name that RFC 9864 gives the same signatures: still not the configured one.
    others: { Ed25519: by, Ed448: by },
    publicSpellings: publicSpellings(pair),
    brokenSignatures: {
      "S beyond the order of the group": (data) => beyondTheOrder(by(data)),
      "64 zero bytes": () => Buffer.alloc(64),
      "the signature of the hash": (data) => by(`${data}.`),
      "half a signature": (data) => by(data).subarray(0, 32),
    },
  };
}

/** One of each family. */
export const SIGNING_KEYS: readonly SigningKey[] = [
  secretKey(),
  rsaKey(PAIRS.rsa, sample(generateKeyPairSync("rsa", { modulusLength: 2048 }))),
  ecKey(PAIRS.p256, PAIRS.otherP256),
  edKey(PAIRS.ed25519, sample(generateKeyPairSync("ed25519"))),
];

/** A PEM key is no HMAC secret of ours (RFC 8725, section 2.1). */
export const signWithPublicKey = (spelling: string | Buffer): Sign => hmac("sha256", spelling);
