import { createHmac, hkdfSync } from "node:crypto";

/** The HMAC key of the tests' servers. */
export const SECRET_KEY = "the tests' own secret key, which is longer than any hash of HS512 needs it to be";

/** The `kid` of a token that is signed with it: nine bytes derived with HKDF. */
export const SECRET_KID = Buffer.from(hkdfSync("sha256", SECRET_KEY, "", "janus key id v1", 9)).toString("base64url");

/** What a forged token may differ in from one of ours. */
export interface Forgery {
  /** By default `{ alg: "HS256", typ: "JWT" }`. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** By default `SECRET_KEY`. */
  readonly secret?: string | Buffer;
  /** Of the HMAC; by default `sha256`. */
  readonly hash?: "sha256" | "sha384" | "sha512";
}

/** A token with any header and payload, signed with node:crypto alone: what verifies it has to be right by itself. */
export function forge(payload: unknown, { header, secret = SECRET_KEY, hash = "sha256" }: Forgery = {}): string {
  const signed = `${encode(header ?? { alg: "HS256", typ: "JWT" })}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest("base64url")}`;
}

/** A part of a token: base64url of the JSON, or of the text if it is one. */
export function encode(part: unknown): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

/** What a part of a token says. */
export function decode(token: string, part: "header" | "payload"): Record<string, unknown> {
  const text = token.split(".")[part === "header" ? 0 : 1] ?? "";
  return JSON.parse(Buffer.from(text, "base64url").toString()) as Record<string, unknown>;
}
