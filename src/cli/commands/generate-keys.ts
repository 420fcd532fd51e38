import type { Algorithm } from "../../settings/algorithms.js";
import { generateKeys } from "../../settings/generate-keys.js";
import type { CommandContext } from "../command-context.js";

/** `generate-keys`: prints the lines for an environment file. */
export async function printKeys(
  { stdout }: CommandContext,
  { algorithm }: { readonly algorithm: Algorithm },
): Promise<void> {
  for (const line of await generateKeys(algorithm)) stdout.write(`${line}\n`);
}
