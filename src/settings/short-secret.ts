import type { KeyObject } from "node:crypto";

import { ALGORITHMS, type KeyRequirement } from "./algorithms.js";
import type { JwtSettings } from "./jwt-settings.js";

const MAC_BYTES = 32; // HMAC-SHA-256 of the refresh tokens

/**
 * Why a secret of the settings is too short, to be read after its name; undefined where it is not. It is to be as long as
 * the hash (RFC 7518, section 3.2). The hardened profile refuses a shorter one, the documented profile warns: there
 * the ancestors take any.
 */
export function shortSecret({ symmetricKeySize = 0 }: KeyObject, settings: JwtSettings): string | undefined {
  const needed = bytesNeeded(settings);
  return symmetricKeySize < needed ? `has ${symmetricKeySize} bytes: a secret needs ${needed} or more` : undefined;
}

function bytesNeeded({ algorithm, longRunningRefreshToken, encodeHandler, decodeHandler }: JwtSettings): number {
  const requirement: KeyRequirement = ALGORITHMS[algorithm];
  if (requirement.type === "secret" && !(encodeHandler && decodeHandler)) return requirement.hashBytes;
  return longRunningRefreshToken ? MAC_BYTES : 0;
}
