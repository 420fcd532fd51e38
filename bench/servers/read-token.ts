import { timingSafeEqual } from "node:crypto";
import { hmac } from "../subject.js";

/** What a bare handler looks at of a token. */
export interface Claims {
  readonly username: string;
  readonly exp: number;
}

/** The payload of the token in an `Authorization` header; null unless it is genuine and has not expired. */
export function readAuthorization(header: string | undefined): Claims | null {
  return verifyToken(header?.split(" ")[1] ?? "");
}

/** Verifies an HS256 token with `node:crypto`, each time anew: the least that a handler has to do. */
export function verifyToken(token: string): Claims | null {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { alg } = decode(header) as { alg: string };
  const expected = Buffer.from(hmac(`${header}.${payload}`));
  const given = Buffer.from(signature);
  if (alg !== "HS256" || expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  const claims = decode(payload) as Claims;
  return claims.exp * 1000 > Date.now() ? claims : null;
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
