import { randomBytes } from "node:crypto";

import { type SetCookie, stringifySetCookie } from "cookie";

import { type Clock, numericDate } from "../../clock.js";
import type { HttpResponse } from "../../http-response.js";
import type { RequestInfo } from "../../request-info.js";
import type { JwtSettings } from "../../settings/jwt-settings.js";
import { invalidTokenChallenge } from "../challenge.js";
import { type CookieNames, cookieNames, refreshTokenPaths } from "./cookie-names.js";
import { type RequestCookies, requestCookies } from "./request-cookies.js";

const CSRF_TOKEN_BYTES = 32;

const SAME_SITE = { Strict: "strict", Lax: "lax", None: "none" } as const;

/** What a login or refresh hands out. */
export interface IssuedTokens {
  readonly token: string;
  readonly refreshToken?: string | undefined;
  /** Unix seconds. */
  readonly refreshExpiresIn: number;
}

/**
 * The cookies of one request and its answer: reads those that came, and collects those to set. The server puts
 * `setCookieHeaders()` into the answer when the operations are done.
 */
export class CookieJar {
  readonly sent: RequestCookies;
  private held: RequestCookies;
  private readonly names: CookieNames;
  /** By name and path. */
  private readonly toSet = new Map<string, string>();
  private hasDropped = false;

  constructor(
    private readonly settings: JwtSettings,
    private readonly clock: Clock,
    request: RequestInfo,
  ) {
    this.sent = requestCookies(request, settings);
    this.held = this.sent;
    this.names = cookieNames(settings);
  }

  /**
   * What operations of the request go on with: what it sent, until one before them has set or deleted it. A bad access token is
   * there although the answer drops it, for them to say that it is bad.
   */
  get current(): RequestCookies {
    return this.held;
  }

  /** Sets the cookies of a login or refresh. */
  issue(issued: IssuedTokens): void {
    this.hasDropped = false;
    const { token, refreshToken = this.held.refreshToken } = issued;
    this.held = { ...this.held, token, refreshToken };
    const now = this.clock.now();
    const refreshLifetime = Math.max(0, issued.refreshExpiresIn - numericDate(now));
    this.set(this.names.token, issued.token, this.settings.expirationDelta, now);
    if (issued.refreshToken !== undefined) this.set(this.names.refreshToken, issued.refreshToken, refreshLifetime, now);
    // It has to live as long as any cookie that it protects.
    const csrf = this.settings.csrfRotation ? undefined : this.sent.csrf;
    const lifetime = Math.max(refreshLifetime, this.settings.expirationDelta);
    this.set(this.names.csrf, csrf ?? randomBytes(CSRF_TOKEN_BYTES).toString("base64url"), lifetime, now);
  }

  /** Deletes the access token's cookie because what it holds is no good, and has the answer say so. */
  dropToken(): void {
    this.expire(this.names.token);
    this.hasDropped = true;
  }

  /** Deletes the access token's cookie. Answers whether there was one. */
  deleteToken(): boolean {
    const { token } = this.held;
    this.held = { ...this.held, token: undefined };
    this.expire(this.names.token);
    return token !== undefined;
  }

  /** Deletes the refresh token's cookie. Answers whether there was one. */
  deleteRefreshToken(): boolean {
    const { refreshToken } = this.held;
    this.held = { ...this.held, refreshToken: undefined };
    this.expire(this.names.refreshToken);
    return refreshToken !== undefined;
  }

  /** The values of the answer's `Set-Cookie` headers (RFC 6265, section 4.1). */
  setCookieHeaders(): string[] {
    return [...this.toSet.values()];
  }

  /**
   * The value of the answer's `WWW-Authenticate` header where the token in the cookie was bad; undefined otherwise. The request
   * is answered, as an anonymous one, and no script can see the cookie: without this a page would not know. It may stand
   * in any answer (RFC 9110, section 11.6.1).
   */
  challenge(): string | undefined {
    return this.hasDropped ? invalidTokenChallenge(this.settings) : undefined;
  }

  /** Both of these, as headers of the answer: what every server of ours puts there. */
  answerHeaders(): HttpResponse["headers"] {
    const cookies = this.setCookieHeaders();
    const challenge = this.challenge();
    return {
      ...(cookies.length > 0 && { "set-cookie": cookies }),
      ...(challenge !== undefined && { "www-authenticate": challenge }),
    };
  }

  private expire(name: string): void {
    this.set(name, "", 0, new Date(0));
  }

  /** A cookie is deleted by setting it once more: with other attributes it would be another cookie, and the first one stay. */
  private set(name: string, value: string, lifetime: number, now: Date): void {
    const paths = name === this.names.refreshToken ? refreshTokenPaths(this.settings) : [this.settings.cookiePath];
    for (const path of paths) this.setAt(path, name, value, lifetime, now);
  }

  private setAt(path: string, name: string, value: string, lifetime: number, now: Date): void {
    const { cookieDomain, cookieSecure, cookieSameSite } = this.settings;
    const cookie: SetCookie = {
      name,
      value,
      path,
      maxAge: lifetime,
      expires: new Date(now.getTime() + lifetime * 1000),
      // Scripts have to read the CSRF cookie, and only that.
      httpOnly: name !== this.names.csrf,
      secure: cookieSecure,
      ...(cookieDomain !== undefined && { domain: cookieDomain }),
      ...(cookieSameSite !== undefined && { sameSite: SAME_SITE[cookieSameSite] }),
    };
    this.toSet.set(`${name};${path}`, stringifySetCookie(cookie));
  }
}
