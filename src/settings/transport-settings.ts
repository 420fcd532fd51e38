import { ArrayNotEmpty, IsBoolean, IsIn, IsNotIn, IsOptional, Matches } from "../validation.js";

import * as allowed from "./allowed.js";
import { KeySettings } from "./key-settings.js";
import { Setting } from "./setting.js";

const SAME_SITE = ["Strict", "Lax", "None"] as const;

/** Which requests of other sites carry the cookies (RFC 6265bis, section 5.6.7). */
export type SameSite = (typeof SAME_SITE)[number];

/** RFC 6265, section 4.1.1: a token of RFC 9110. */
const COOKIE_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** The same section; `<` too is refused by what writes the cookies. */
const COOKIE_PATH = /^\/[\x20-\x3A\x3D-\x7E]*$/;

/** RFC 1034, section 3.5, as RFC 1123, section 2.1, has it; the leading dot is ignored (RFC 6265, section 5.2.3). */
const COOKIE_DOMAIN = /^\.?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** The name of the cookie that scripts read, as Django has it. */
export const CSRF_COOKIE_NAME = "csrftoken";

/** The settings of how a token travels: in a header, in cookies, in an argument. A part of `JwtSettings`. */
export class TransportSettings extends KeySettings {
  @Setting("headerName", "Header that carries the token. `HTTP_AUTHORIZATION`, the WSGI spelling, means the same.")
  @Matches(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, allowed.headerName)
  readonly authHeaderName: string = "authorization";

  @Setting("list", "Word before the token, compared without case. One or a list (`JWT,Bearer`).")
  @ArrayNotEmpty(allowed.prefixes)
  @Matches(/^[^\s,]+$/, { ...allowed.prefixes, each: true })
  readonly authHeaderPrefix: readonly string[] = ["JWT"];

  @Setting("boolean", "Cookie transport: logging in and refreshing set HttpOnly cookies, requests may carry them.")
  @IsBoolean(allowed.boolean)
  readonly cookies: boolean = false;

  @Setting("text", "Name of the access token's cookie. Hardened: with the prefix `__Host-`, or `__Secure-`.")
  @Matches(COOKIE_NAME, allowed.cookieName)
  @IsNotIn([CSRF_COOKIE_NAME], allowed.cookieName)
  readonly cookieName: string = "JWT";

  @Setting("text", "Name of the refresh token's cookie. Hardened: with a prefix too.")
  @Matches(COOKIE_NAME, allowed.cookieName)
  @IsNotIn([CSRF_COOKIE_NAME], allowed.cookieName)
  readonly refreshTokenCookieName: string = "JWT-refresh-token";

  @Setting("boolean", "Cookies over HTTPS only (`Secure`).")
  @IsBoolean(allowed.boolean)
  readonly cookieSecure: boolean = false;

  @Setting("text", "`Path` of the cookies.")
  @Matches(COOKIE_PATH, allowed.cookiePath)
  readonly cookiePath: string = "/";

  @Setting(
    "list",
    "`Path` of the refresh token's cookie, one or a list: where refreshes and logouts go. In the hardened server its own.",
    "`cookiePath`",
  )
  @Matches(COOKIE_PATH, { ...allowed.cookiePath, each: true })
  readonly refreshTokenCookiePath: readonly string[] = [];

  @Setting("text", "`Domain` of the cookies.")
  @IsOptional()
  @Matches(COOKIE_DOMAIN, allowed.cookieDomain)
  readonly cookieDomain: string | undefined = undefined;

  @Setting("text", "`SameSite` of the cookies: Strict, Lax or None.")
  @IsOptional()
  @IsIn(SAME_SITE, allowed.oneOf(SAME_SITE))
  readonly cookieSameSite: SameSite | undefined = undefined;

  @Setting("boolean", "With cookies: no token in any body, and no field for it in the schema.")
  @IsBoolean(allowed.boolean)
  readonly hideTokenFields: boolean = false;

  @Setting("boolean", "With cookies: a new CSRF token at each login and refresh.")
  @IsBoolean(allowed.boolean)
  readonly csrfRotation: boolean = false;

  @Setting(
    "boolean",
    "With cookies: a GET that carries them must come from your own pages too, by `Sec-Fetch-Site` or a header of its own.",
  )
  @IsBoolean(allowed.boolean)
  readonly requirePreflight: boolean = false;

  @Setting("boolean", "Per-argument authentication: a field or procedure may be given a token of its own.")
  @IsBoolean(allowed.boolean)
  readonly allowArgument: boolean = false;

  @Setting("text", "Name of that argument.")
  @Matches(/^(?!__)[_A-Za-z][_0-9A-Za-z]*$/, allowed.argumentName)
  readonly argumentName: string = "token";
}
