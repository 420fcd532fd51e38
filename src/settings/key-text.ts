import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { InvalidValue } from "./invalid-value.js";
import type { JsonWebKey } from "./jwk.js";

const FILE = "file:";

/**
 * The text of a key: the content of the file that `file:PATH` names, otherwise the text itself.
 *
 * @param directory What a relative path starts from.
 * @throws InvalidValue when the file cannot be read, is no text, or there is nothing in it.
 */
export function keyText(source: string, directory: string): string {
  if (source === "") throw new InvalidValue("must not be empty");
  return source.startsWith(FILE) ? fileText(source.slice(FILE.length), directory) : source;
}

function fileText(path: string, directory: string): string {
  if (path === "") throw new InvalidValue(`must name a file after ${FILE}`);
  const content = readFile(path, directory);
  const text = content.toString("utf8");
  if (!Buffer.from(text).equals(content)) throw new InvalidValue(`names a file that is not text: ${path}`);
  const withoutNewline = text.replace(/\r?\n$/, "");
  if (withoutNewline === "") throw new InvalidValue(`names an empty file: ${path}`);
  return withoutNewline;
}

function readFile(path: string, directory: string): Buffer {
  try {
    return readFileSync(resolve(directory, path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new InvalidValue(
      code === "ENOENT"
        ? `names a file that does not exist: ${path}`
        : `names a file that cannot be read (${code}): ${path}`,
    );
  }
}

/** The bytes of base64 or base64url text, undefined where it is neither. */
export function decodeBase64(text: string): Buffer | undefined {
  const characters = text.replaceAll(/\s/g, "").replace(/={1,2}$/, "");
  return /^[A-Za-z0-9+/_-]+$/.test(characters) && characters.length % 4 !== 1
    ? Buffer.from(characters, "base64")
    : undefined;
}

/** Whether the text is a PEM (RFC 7468), or begins as one. */
export function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}

/** The JWK (RFC 7517) that the text is as JSON, undefined where it is none. */
export function jwkOf(text: string): JsonWebKey | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJwk(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJwk(value: unknown): value is JsonWebKey {
  return typeof value === "object" && value !== null && "kty" in value && typeof value.kty === "string";
}
