import { IsInt, IsOptional, Max, Min } from "../validation.js";

import * as allowed from "./allowed.js";
import { Setting } from "./setting.js";
import { TransportSettings } from "./transport-settings.js";

/** Most attempts that a limit can allow. */
const MAX_ATTEMPTS = 1_000_000;

/** The settings of how often passwords may be guessed. A part of `JwtSettings`. */
export class LimitSettings extends TransportSettings {
  @Setting(
    "integer",
    "Wrong passwords for one name from one address in `loginLimitWindow`: then 429. `none`: no limit.",
  )
  @IsOptional()
  @IsInt(allowed.attempts)
  @Min(1, allowed.attempts)
  @Max(MAX_ATTEMPTS, allowed.attempts)
  readonly loginLimitPerNameAndAddress: number | undefined = undefined;

  @Setting("integer", "Wrong passwords from one address, for whatever names, in `loginLimitWindow`.")
  @IsOptional()
  @IsInt(allowed.attempts)
  @Min(1, allowed.attempts)
  @Max(MAX_ATTEMPTS, allowed.attempts)
  readonly loginLimitPerAddress: number | undefined = undefined;

  @Setting("seconds", "From the first attempt; afterwards all are allowed again.")
  @Min(1, allowed.lifetime)
  readonly loginLimitWindow: number = 900;

  @Setting("integer", "Wrong passwords for one name, from whatever addresses, in `loginLimitNameWindow`.")
  @IsOptional()
  @IsInt(allowed.attempts)
  @Min(1, allowed.attempts)
  @Max(MAX_ATTEMPTS, allowed.attempts)
  readonly loginLimitPerName: number | undefined = undefined;

  @Setting("seconds", "The same for `loginLimitPerName`.")
  @Min(1, allowed.lifetime)
  readonly loginLimitNameWindow: number = 86_400;

  @Setting("seconds", "For so long after a login its address is spared by `loginLimitPerName`. `none`: none is.")
  @IsOptional()
  @Min(1, allowed.optionalLifetime)
  readonly loginLimitKnownAddress: number | undefined = undefined;
}
