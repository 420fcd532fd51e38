import { createHmac, webcrypto } from "node:crypto";

/**
 * How many signatures this process verifies while something happens. Counted where they leave our code and every library
 * for the platform's: each is still verified. HMACs are computed here and now, all others by WebCrypto.
 */
export async function verificationsDuring(happen: () => Promise<unknown>): Promise<number> {
  const { subtle } = webcrypto;
  const verify = subtle.verify.bind(subtle);
  const prototype = Object.getPrototypeOf(createHmac("sha256", "")) as {
    digest: (this: object, ...args: unknown[]) => unknown;
  };
  const { digest } = prototype;
  let count = 0;
  subtle.verify = (...args) => {
    count += 1;
    return verify(...args);
  };
  prototype.digest = function counted(...args) {
    count += 1;
    return digest.apply(this, args);
  };
  try {
    await happen();
  } finally {
    prototype.digest = digest;
    Reflect.deleteProperty(subtle, "verify"); // The prototype has it.
  }
  return count;
}
