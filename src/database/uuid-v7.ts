import { randomBytes } from "node:crypto";

const RANDOM_BYTES = 10;

/**
 * A UUID of version 7 (RFC 9562, section 5.7): 48 bits of time, then randomness. Rows made one after the other lie side
 * by side in a primary key, and the id still says nothing that could be guessed about a token.
 *
 * @param time what the first 48 bits say; its milliseconds since 1970 must fit them
 * @param random ten bytes, of which six bits give way to version and variant
 */
export function uuidV7(time: Date, random: Uint8Array = randomBytes(RANDOM_BYTES)): string {
  const milliseconds = time.getTime();
  if (!(milliseconds >= 0 && milliseconds < 2 ** 48)) {
    throw new RangeError("The time of a UUID must lie between 1970 and 10889");
  }
  if (random.length !== RANDOM_BYTES) {
    throw new RangeError(`A UUID takes ${RANDOM_BYTES} random bytes`);
  }
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  bytes.set(random, 6);
  bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f); // version 7, RFC 9562 section 4.2
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f); // variant 10, RFC 9562 section 4.1
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
