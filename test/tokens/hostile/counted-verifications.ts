import { webcrypto } from "node:crypto";

/**
 * How many signatures this process verifies while something happens. Counted where they leave our code and every library
 * for the platform's: each is still verified.
 */
export async function verificationsDuring(happen: () => Promise<unknown>): Promise<number> {
  const { subtle } = webcrypto;
  const verify = subtle.verify.bind(subtle);
  let count = 0;
  subtle.verify = (...args) => {
    count += 1;
    return verify(...args);
  };
  try {
    await happen();
  } finally {
    Reflect.deleteProperty(subtle, "verify"); // The prototype has it.
  }
  return count;
}
