import { type Clock, systemClock } from "../clock.js";
import { type Logger, silentLogger } from "../logger.js";
import { isSymmetric } from "../settings/algorithms.js";
import type { NameOf } from "../settings/contradiction.js";
import { InvalidValue } from "../settings/invalid-value.js";
import { parseKeySet, parsePublicKeySet, type SetKey } from "../settings/jwk-set.js";
import { statedKid } from "../settings/jwk.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { isUrl } from "../settings/place.js";
import { SettingsError } from "../settings/settings-error.js";
import { fetchJwks } from "./fetch-jwks.js";
import { isReadByOthers, readKeyFile } from "./key-file.js";
import { FixedKeys, type KeyStore } from "./key-store.js";
import { ReloadedKeys, type ReloadTimes } from "./reloaded-keys.js";
import { distinct, tokenKey, type TokenKey } from "./token-key.js";

/** A file costs next to nothing to read. Without it servers go on: what it said holds until it says something else. */
export const FILE_TIMES: ReloadTimes = { every: 10, coolDown: 1, keep: Infinity };

/** Another server is asked rarely, also by whoever sends tokens with made-up kids, and not believed for ever. */
export const URL_TIMES: ReloadTimes = { every: 300, coolDown: 30, keep: 86_400 };

export interface KeyStoreParts {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** How each setting was spelled. By default as a property. */
  readonly nameOf?: NameOf;
}

/**
 * The keys that the settings name. A file is read now, and again whenever it changes; a URL is asked when the first token
 * comes, so that a server starts while the other is away.
 *
 * @throws SettingsError if a file cannot be used
 */
export async function openKeyStore(
  settings: JwtSettings,
  { clock = systemClock, logger = silentLogger, nameOf = (setting) => setting }: KeyStoreParts = {},
): Promise<KeyStore> {
  const { jwks, keySet, algorithm } = settings;
  const own = await blaming(nameOf(isSymmetric(algorithm) ? "secretKey" : "publicKey"), () => keysOfSettings(settings));
  if (jwks !== undefined) {
    const parse = (text: string) => importAll(parsePublicKeySet(text, algorithm), settings);
    if (!isUrl(jwks)) return opened(nameOf("jwks"), { place: jwks, parse, logger }, clock);
    return new ReloadedKeys({ place: jwks, read: () => fetchJwks(jwks), parse, times: URL_TIMES, logger });
  }
  if (keySet === undefined) return new FixedKeys(own);
  const parse = async (text: string) =>
    distinct([...(await importAll(parseKeySet(text, algorithm), settings)), ...own]);
  const warnings = (await isReadByOthers(keySet))
    ? [`${nameOf("keySet")} names a file that others can read: chmod 600 ${keySet}`]
    : [];
  return opened(nameOf("keySet"), { place: keySet, parse, logger, warnings }, clock);
}

type FileParts = Omit<ConstructorParameters<typeof ReloadedKeys>[0], "read" | "times">;

async function opened(setting: string, parts: FileParts, clock: Clock): Promise<KeyStore> {
  const store = new ReloadedKeys({ ...parts, read: () => readKeyFile(parts.place), times: FILE_TIMES });
  await blaming(setting, () => store.open(clock.now()));
  return store;
}

/** The keys that the settings hold themselves. Beside a key set they verify what was signed before there was one. */
async function keysOfSettings(settings: JwtSettings): Promise<TokenKey[]> {
  const { algorithm, secretKey, secretKeyFallbacks, privateKey, publicKey, keySet } = settings;
  const signs = keySet === undefined;
  if (isSymmetric(algorithm)) {
    const current = secretKey && signs ? [await tokenKey({ key: secretKey, signs }, algorithm)] : [];
    const older = await Promise.all(secretKeyFallbacks.map((key) => tokenKey({ key, signs: false }, algorithm)));
    return distinct([...current, ...older]);
  }
  const key = privateKey ?? publicKey;
  const kid = (privateKey && statedKid(privateKey)) ?? (publicKey && statedKid(publicKey));
  return key ? [await tokenKey({ key, signs, kid }, algorithm)] : [];
}

async function importAll(keys: readonly SetKey[], { algorithm, keySet }: JwtSettings): Promise<TokenKey[]> {
  const imported = await Promise.all(
    keys.map(({ key, kid, jwk }) =>
      tokenKey(
        // What others say of the times of their keys is for them.
        keySet === undefined
          ? { key, kid, signs: false }
          : { key, kid, signs: true, signsFrom: jwk.signs_from, verifiesUntil: jwk.verifies_until },
        algorithm,
      ),
    ),
  );
  return distinct(imported);
}

async function blaming<T>(setting: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InvalidValue ? new SettingsError([{ setting, problem: error.message }]) : error;
  }
}
