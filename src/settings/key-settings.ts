import type { KeyObject } from "node:crypto";

import { IsBoolean, IsIn, IsOptional, Matches, MinLength } from "../validation.js";

import { ALGORITHM_NAMES, type Algorithm } from "./algorithms.js";
import * as allowed from "./allowed.js";
import { IsKey } from "./checks.js";
import { JWKS_URL, PLACE } from "./place.js";
import { Setting } from "./setting.js";

/** The settings of what access tokens are signed and verified with. A part of `JwtSettings`. */
export class KeySettings {
  @Setting(
    "text",
    "The only algorithm accepted when verifying: `HS256/384/512`, `RS*`, `PS*`, `ES*`, `EdDSA`. Must fit the key.",
  )
  @IsIn(ALGORITHM_NAMES, allowed.oneOf(ALGORITHM_NAMES))
  readonly algorithm: Algorithm = "HS256";

  @Setting("secretKey", "HMAC key: text, `base64:…`, an `oct` JWK or `file:PATH`.", "the application's `SECRET_KEY`")
  @IsKey("secret", allowed.secret)
  readonly secretKey: KeyObject | undefined = undefined;

  @Setting("secretKeys", "Older keys that still verify: rotation without logging anyone out. A list, or a JSON array.")
  @IsKey("secret", { ...allowed.secret, each: true })
  readonly secretKeyFallbacks: readonly KeyObject[] = [];

  @Setting("publicKey", "Verifies, with an asymmetric algorithm: PEM, JWK, base64 of either, or `file:PATH`.")
  @IsKey("public", allowed.key)
  readonly publicKey: KeyObject | undefined = undefined;

  @Setting("privateKey", "Signs, with an asymmetric algorithm. With `publicKey` alone tokens are verified, not issued.")
  @IsKey("private", allowed.key)
  readonly privateKey: KeyObject | undefined = undefined;

  @Setting(
    "place",
    "File with the keys that sign and verify, a JWK Set that `janus-auth rotate-keys` makes and rotates.",
  )
  @IsOptional()
  @MinLength(1, allowed.keySet)
  @Matches(PLACE, allowed.keySet)
  readonly keySet: string | undefined = undefined;

  @Setting("place", "Verify only, with the public keys at this address: the `https:` URL or the file of a JWK Set.")
  @IsOptional()
  @MinLength(1, allowed.jwks)
  @Matches(JWKS_URL, allowed.jwks)
  readonly jwks: string | undefined = undefined;

  @Setting("boolean", "Signature verification. Off is refused when `NODE_ENV` is `production`.")
  @IsBoolean(allowed.boolean)
  readonly verify: boolean = true;
}
