import { parseUrl } from "../parse-url.js";
import { WrongValue } from "./environment-variables.js";

/** Whether a web page of this origin may read our answers, or open a WebSocket; undefined where the header is missing. */
export type OriginCheck = (origin: string | undefined) => boolean;

/** Every origin. */
export const ANY_ORIGIN = "*";

/**
 * The check of an `Origin` header against a list: whole and exact, as browsers write it (RFC 6454, section 6.2). A port,
 * a scheme or a letter more is another origin. "null" is what any sandboxed page is, and never in a list.
 */
export function originCheck(origins: readonly string[]): OriginCheck {
  const allowed = new Set(origins);
  if (allowed.has(ANY_ORIGIN)) return (origin) => origin !== undefined;
  return (origin) => origin !== undefined && allowed.has(origin);
}

/** A list of origins with commas, or `*`. @throws WrongValue */
export function parseOrigins(text: string): readonly string[] {
  const origins = text.split(",").map((origin) => origin.trim());
  if (origins.length === 1 && origins[0] === ANY_ORIGIN) return origins;
  origins.forEach(assertOrigin);
  return origins;
}

/** Not a web page's own scheme, but one that its browser writes like a web page's: `capacitor://localhost`. */
const APP_ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+(?::\d+)?$/;

function assertOrigin(origin: string, index: number): void {
  const meant = webOriginOf(origin);
  if (meant === undefined ? APP_ORIGIN.test(origin) : meant === origin) return;
  // What was written is not repeated: there can be a password in a URL.
  const which = meant === undefined ? `number ${index + 1} is none` : `write number ${index + 1} as ${meant}`;
  throw new WrongValue(
    `must be * alone, or origins such as https://app.example.com, without a path or a slash at the end: ${which}`,
  );
}

/** The origin of an http or https URL; undefined for everything else. */
function webOriginOf(text: string): string | undefined {
  // An asterisk is a letter to URLs, and would be taken for a pattern by whoever writes it.
  return /^https?:[^*]*$/i.test(text) ? parseUrl(text)?.origin : undefined;
}
