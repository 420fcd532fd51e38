import { createPrivateKey, createPublicKey, createSecretKey, KeyObject } from "node:crypto";

import { key as allowed } from "./allowed.js";
import type { KeySource } from "./input.js";
import { InvalidValue } from "./invalid-value.js";
import { hasPrivatePart, type JsonWebKey, withStatement } from "./jwk.js";
import { decodeBase64, isPem, jwkOf, keyText } from "./key-text.js";
import { shapeOf } from "./value-shape.js";

const BASE64 = "base64:";

type Half = "public" | "private";

const ED25519_BYTES = 32;
// PrivateKeyInfo of an Ed25519 seed, up to the seed (RFC 8410, section 10.3).
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Reads an HMAC secret: text, `base64:` and the base64 of bytes, an `oct` JWK (object, JSON, or base64 of it), or
 * `file:` and the path of one of these.
 *
 * Text is used as its UTF-8 bytes, as PyJWT and other libraries do. It is not decoded although a hexadecimal or
 * alphanumeric secret is valid base64: they would then verify none of our tokens, and we none of theirs.
 *
 * @param directory What a relative path starts from.
 * @throws InvalidValue
 */
export function parseSecretKey(source: KeySource, directory: string = process.cwd()): KeyObject {
  if (source instanceof KeyObject) return expectSecret(source);
  if (typeof source !== "string") return secretOfJwk(source);
  return secretOfText(keyText(source, directory));
}

/**
 * Reads the key that verifies: PEM (or a certificate), JWK (object or JSON), the base64 of either, the base64 of the 32
 * bytes of an Ed25519 key, or `file:` and the path of one of these. A private key is refused: this one gets around.
 *
 * @param directory What a relative path starts from.
 * @throws InvalidValue
 */
export function parsePublicKey(source: KeySource, directory: string = process.cwd()): KeyObject {
  return parseHalf("public", source, directory);
}

/**
 * Reads the key that signs, in the same forms; the 32 bytes of an Ed25519 key are its seed (RFC 8032, section 5.1.5).
 *
 * @param directory What a relative path starts from.
 * @throws InvalidValue
 */
export function parsePrivateKey(source: KeySource, directory: string = process.cwd()): KeyObject {
  return parseHalf("private", source, directory);
}

function expectSecret(key: KeyObject): KeyObject {
  if (key.type !== "secret") throw new InvalidValue(`must be a secret, but is a ${key.type} key`);
  if (key.symmetricKeySize === 0) throw new InvalidValue("must not be empty");
  return key;
}

function secretOfText(text: string): KeyObject {
  if (text.startsWith(BASE64)) return secretOfBase64(text.slice(BASE64.length));
  const decoded = decodeBase64(text)?.toString("utf8") ?? "";
  // A public key is public: as an HMAC secret it would let anyone sign (RFC 8725, section 2.1).
  if (isPem(text) || isPem(decoded)) throw new InvalidValue("must be a secret, but is a PEM");
  const jwk = jwkOf(text) ?? jwkOf(decoded);
  return jwk ? secretOfJwk(jwk) : createSecretKey(text, "utf8");
}

function secretOfBase64(text: string): KeyObject {
  const bytes = decodeBase64(text);
  if (!bytes) throw new InvalidValue("must be base64 or base64url after base64:");
  return createSecretKey(bytes);
}

function secretOfJwk(jwk: JsonWebKey): KeyObject {
  if (jwk.kty !== "oct") throw new InvalidValue("must be a secret, but is a JWK of another type than oct");
  const bytes = typeof jwk.k === "string" ? decodeBase64(jwk.k) : undefined;
  if (!bytes) throw new InvalidValue("must be an oct JWK whose k is the base64url of bytes");
  return withStatement(createSecretKey(bytes), jwk);
}

function parseHalf(half: Half, source: KeySource, directory: string): KeyObject {
  if (source instanceof KeyObject) return keyOfObject(half, source);
  if (typeof source !== "string") return keyOfJwk(half, source);
  const text = keyText(source, directory);
  const key = keyOfText(half, text) ?? keyOfBase64(half, text);
  if (!key) throw new InvalidValue(`${allowed.message}, but is ${shapeOf(text)}`);
  return key;
}

function keyOfObject(half: Half, key: KeyObject): KeyObject {
  expectHalf(half, key.type);
  return key;
}

function keyOfText(half: Half, text: string): KeyObject | undefined {
  if (isPem(text)) return keyOfPem(half, text);
  const jwk = jwkOf(text);
  return jwk && keyOfJwk(half, jwk);
}

function keyOfBase64(half: Half, text: string): KeyObject | undefined {
  const bytes = decodeBase64(text);
  return bytes?.length === ED25519_BYTES ? keyOfEd25519(half, bytes) : keyOfText(half, bytes?.toString("utf8") ?? "");
}

function keyOfPem(half: Half, text: string): KeyObject {
  // Environment files keep a PEM in one line, with \n written out.
  const pem = text.replaceAll(String.raw`\n`, "\n");
  const label = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/.exec(pem)?.[1];
  if (label === undefined) throw new InvalidValue("must be a whole PEM, but its -----END line is missing");
  expectHalf(half, label.endsWith("PRIVATE KEY") ? "private" : "public");
  if (pem.includes("ENCRYPTED")) throw new InvalidValue("must be a PEM without a passphrase");
  return readKey("must be a PEM of a key, but its content cannot be read", () =>
    half === "public" ? createPublicKey(pem) : createPrivateKey(pem),
  );
}

function keyOfJwk(half: Half, jwk: JsonWebKey): KeyObject {
  expectHalf(half, jwk.kty === "oct" ? "secret" : hasPrivatePart(jwk) ? "private" : "public");
  const key = readKey("must be a JWK of an RSA, EC or Ed25519 key, but cannot be read as one", () =>
    half === "public" ? createPublicKey({ key: jwk, format: "jwk" }) : createPrivateKey({ key: jwk, format: "jwk" }),
  );
  return withStatement(key, jwk);
}

function keyOfEd25519(half: Half, bytes: Buffer): KeyObject {
  return half === "public"
    ? createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") }, format: "jwk" })
    : createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, bytes]), format: "der", type: "pkcs8" });
}

function expectHalf(half: Half, actual: Half | "secret"): void {
  if (actual !== half) throw new InvalidValue(`must be a ${half} key, but is a ${actual} key`);
}

/** OpenSSL's own messages say nothing to an operator. */
function readKey(problem: string, read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch {
    throw new InvalidValue(problem);
  }
}
