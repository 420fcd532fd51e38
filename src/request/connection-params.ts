import type { JwtSettings } from "../settings/jwt-settings.js";
import { tokenFromHeader } from "./credentials.js";

/** The header that every client knows, beside the configured one. */
const AUTHORIZATION = "authorization";

/**
 * The token in the parameters that a client sends once its socket is open, or null: `{ authorization: "JWT <token>" }`, or
 * the configured header's name. A browser cannot set a header of a WebSocket; names and prefix are those of headers, in any
 * case.
 */
export function tokenFromParams(params: unknown, settings: JwtSettings): string | null {
  const headers = textsByLowerCaseName(params);
  const given = headers[settings.authHeaderName] ?? headers[AUTHORIZATION];
  if (given === undefined) return null;
  return tokenFromHeader({ headers: { [settings.authHeaderName]: given } }, settings);
}

function textsByLowerCaseName(params: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof params !== "object" || params === null) return {};
  const texts = Object.entries(params).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value as string]));
}
