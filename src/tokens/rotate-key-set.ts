import type { KeyObject } from "node:crypto";
import type { Algorithm } from "../settings/algorithms.js";
import { generateKey } from "../settings/generate-keys.js";
import { type Jwk, parseKeySet } from "../settings/jwk-set.js";
import { changeFile } from "./change-file.js";
import { rotate, type Rotation, type RotationPlan } from "./rotation.js";
import { kidOf } from "./token-key.js";

export interface KeySetRotation extends RotationPlan {
  /** The file. */
  readonly path: string;
  readonly algorithm: Algorithm;
  /** What signed until there was a file: it becomes the first key, so that servers that know only this one go on. */
  readonly firstKey?: KeyObject | undefined;
}

/**
 * Rotates the keys of a file, or makes the file with a first key. Of any number that do it at once one is first, and
 * servers that read meanwhile see the file before or after.
 *
 * @throws InvalidValue if the file is no key set of the algorithm; it is left as it is
 * @throws FileLockedError if another process does not finish
 */
export async function rotateKeySet(rotation: KeySetRotation): Promise<Rotation & { readonly isNew: boolean }> {
  const { path, algorithm, firstKey } = rotation;
  return changeFile(path, async (text) => {
    const known = text === undefined ? [] : parseKeySet(text, algorithm);
    const isFirst = text === undefined && firstKey;
    const key = isFirst ? firstKey : await generateKey(algorithm);
    const named = await Promise.all(known.map(async ({ jwk, key: own }) => ({ ...jwk, kid: await kidOf(own) })));
    const result = rotate(named, await jwkOf(key, algorithm), rotation);
    return {
      text: `${JSON.stringify({ keys: result.keys }, null, 2)}\n`,
      result: { ...result, isNew: text === undefined },
    };
  });
}

async function jwkOf(key: KeyObject, algorithm: Algorithm): Promise<Jwk> {
  return { ...key.export({ format: "jwk" }), kid: await kidOf(key), alg: algorithm, use: "sig" };
}
