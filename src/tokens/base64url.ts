/**
 * The bytes of canonical base64url without padding (RFC 4648, section 5), or null. Node's decoder takes padding, white
 * space, the other alphabet and stray trailing bits, so that one token could be written in many ways; encoding the
 * result again shows them all.
 */
export function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}
