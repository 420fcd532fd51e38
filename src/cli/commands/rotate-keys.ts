import { numericDate } from "../../clock.js";
import { InvalidValue } from "../../settings/invalid-value.js";
import type { Jwk } from "../../settings/jwk-set.js";
import type { JwtSettings } from "../../settings/jwt-settings.js";
import { SettingsError } from "../../settings/settings-error.js";
import { FileLockedError } from "../../tokens/change-file.js";
import { rotateKeySet } from "../../tokens/rotate-key-set.js";
import { DEFAULT_LEAD } from "../../tokens/rotation.js";
import type { CommandContext } from "../command-context.js";
import { CommandError } from "../command-error.js";
import { readSettings } from "../read-settings.js";
import { warn } from "../warn.js";

export interface RotateKeysOptions {
  /** Seconds. */
  readonly lead?: number;
  /** Seconds. */
  readonly keep?: number;
}

const ENDLESS =
  "verifyExpiration is off, tokens never expire: old keys verify until you say with --keep for how long, or delete them";

/** `rotate-keys`: makes the key set or takes its next step, and says which. Shows no key. */
export async function rotateKeys(context: CommandContext, options: RotateKeysOptions): Promise<void> {
  const { settings } = await readSettings(context);
  const path = settings.keySet;
  if (path === undefined)
    throw keySetError("names no file: set JWT_KEY_SET to the path of the one to make and to rotate");
  const { lead = DEFAULT_LEAD, keep } = options;
  const tokenLifetime = keep ?? lifetimeOf(settings);
  const now = numericDate(context.clock.now());
  const { algorithm, privateKey: firstKey } = settings;
  const rotation = await rotateKeySet({ path, algorithm, firstKey, now, lead, tokenLifetime }).catch(told);
  if (tokenLifetime === undefined && rotation.keys.length > 1) warn(context, ENDLESS);
  if (rotation.isNew) context.stdout.write(`Made ${path}.\n`);
  if (rotation.added === undefined) context.stdout.write("The next key is published already: nothing was added.\n");
  for (const key of rotation.dropped) context.stdout.write(`Dropped ${key.kid}: its last token is gone.\n`);
  for (const key of rotation.keys) context.stdout.write(`${keyLine(key, now)}\n`);
}

/** How long the last token of a key goes on. */
function lifetimeOf({ verifyExpiration, expirationDelta, leeway }: JwtSettings): number | undefined {
  return verifyExpiration ? expirationDelta + leeway : undefined;
}

function keyLine({ kid, signs_from: from = 0, verifies_until: until }: Jwk, now: number): string {
  const signs = from > now ? `signs from ${timeOf(from)}` : `has signed since ${timeOf(from)}`;
  return `${kid} ${signs}${until === undefined ? "" : `, verifies until ${timeOf(until)}`}`;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function keySetError(problem: string): SettingsError {
  return new SettingsError([{ setting: "JWT_KEY_SET", problem }]);
}

function told(error: unknown): never {
  if (error instanceof InvalidValue) throw keySetError(error.message);
  if (error instanceof FileLockedError) throw new CommandError(error.message);
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) throw keySetError(`names a file that can be neither read nor written (${code})`);
  throw error;
}
