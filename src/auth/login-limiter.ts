import { type RateLimiterLike, RateLimiterRes } from "rate-limiter-flexible";

import { TooManyRequestsError } from "../errors.js";
import type { LimiterFactory } from "../limits/limiter-factory.js";
import { clientAddress } from "../request-info.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { type Attempt, type AttemptLimiter, type Guesser, UNCOUNTED } from "./attempt-limiter.js";
import { type Call, eventContext } from "./call.js";
import type { AuthEvents, LoginLimit } from "./events.js";
import type { LimitKeys } from "./limit-keys.js";
import { networkOf } from "./network-of.js";

/** What the limiter is built from. */
export interface LoginLimiterParts {
  readonly settings: JwtSettings;
  readonly limiters: LimiterFactory;
  readonly keys: LimitKeys;
  readonly events: AuthEvents;
}

/** One limit, and the key that an attempt is counted under. */
interface Charge {
  readonly limit: LoginLimit;
  readonly limiter: RateLimiterLike;
  readonly key: string;
}

/**
 * Counts attempts by address, by name from one address, and by name. The second keeps whoever guesses away from a name
 * without keeping its owner away; the third, for guesses from many addresses, spares the addresses at which the owner has
 * logged in (NIST SP 800-63B-4, section 3.2.2: at most 100 wrong ones, and known addresses may be spared).
 */
export class LoginLimiter implements AttemptLimiter {
  private readonly limits: Readonly<Partial<Record<LoginLimit, RateLimiterLike>>>;
  private readonly knownAddresses: RateLimiterLike | undefined;

  constructor(private readonly parts: LoginLimiterParts) {
    const { settings, limiters } = parts;
    const { loginLimitWindow: window, loginLimitNameWindow: nameWindow, loginLimitKnownAddress: known } = settings;
    const limiter = (keyPrefix: string, points: number | undefined, duration: number) =>
      points === undefined ? undefined : limiters({ keyPrefix: `login:${keyPrefix}`, points, duration });
    const address = limiter("address", settings.loginLimitPerAddress, window);
    const nameAndAddress = limiter("pair", settings.loginLimitPerNameAndAddress, window);
    const name = limiter("name", settings.loginLimitPerName, nameWindow);
    this.limits = { ...(address && { address }), ...(nameAndAddress && { nameAndAddress }), ...(name && { name }) };
    // It counts nothing: what it has is known.
    this.knownAddresses = name && known !== undefined ? limiter("known", 1, known) : undefined;
  }

  begin(guesser: Guesser, call: Call): Attempt | Promise<Attempt> {
    return this.limitsAnything ? this.count(guesser, call) : UNCOUNTED;
  }

  private async count(guesser: Guesser, call: Call): Promise<Attempt> {
    const { pair, charges } = this.keysOf(guesser.spelling(), networkOfCall(call));
    for (const charge of charges) {
      const wait = await secondsToWait(charge);
      if (wait === undefined || (charge.limit === "name" && (await this.isKnown(pair)))) continue;
      const { user, known } = guesser;
      const event = { user, known, limit: charge.limit, retryAfter: wait };
      this.parts.events.emit("loginLimited", event, eventContext(call));
      throw new TooManyRequestsError(wait);
    }
    return {
      succeeded: () => this.succeeded(charges, pair),
      withdrawn: () => takeBack(charges),
    };
  }

  private get limitsAnything(): boolean {
    const { address, nameAndAddress, name } = this.limits;
    return address !== undefined || nameAndAddress !== undefined || name !== undefined;
  }

  /** The address keeps what was wrong for other names, or one valid account would be a licence to guess. */
  private async succeeded(charges: readonly Charge[], pair: string | undefined): Promise<void> {
    await takeBack(charges.filter(({ limit }) => limit !== "nameAndAddress"));
    const wrong = charges.find(({ limit }) => limit === "nameAndAddress");
    await wrong?.limiter.delete(wrong.key);
    if (pair === undefined) return;
    await this.knownAddresses?.set(pair, 1, this.parts.settings.loginLimitKnownAddress ?? 0);
  }

  private async isKnown(pair: string | undefined): Promise<boolean> {
    return pair !== undefined && ((await this.knownAddresses?.get(pair)) ?? null) !== null;
  }

  /** From the one that a flood stops at first. Where no address is known, the name stands alone. */
  private keysOf(guessed: string, network: string | undefined): { charges: Charge[]; pair: string | undefined } {
    const { keys } = this.parts;
    const { address, nameAndAddress, name } = this.limits;
    const pair = network === undefined ? undefined : keys.of(guessed, network);
    const charges: Charge[] = [];
    if (address && network !== undefined) charges.push({ limit: "address", limiter: address, key: keys.of(network) });
    if (nameAndAddress) {
      charges.push({ limit: "nameAndAddress", limiter: nameAndAddress, key: pair ?? keys.of(guessed, "") });
    }
    if (name) charges.push({ limit: "name", limiter: name, key: keys.of(guessed) });
    return { charges, pair };
  }
}

function networkOfCall({ request }: Call): string | undefined {
  const address = request && clientAddress(request);
  return address === undefined ? undefined : networkOf(address);
}

/** Counts. Answers undefined where that is allowed, otherwise the whole seconds until the window ends. */
async function secondsToWait({ limiter, key }: Charge): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
  }
}

async function takeBack(charges: readonly Charge[]): Promise<void> {
  for (const { limiter, key } of charges) await limiter.reward(key);
}
