import { headerValue, type RequestInfo } from "../request-info.js";
import type { JwtSettings } from "../settings/jwt-settings.js";

/**
 * The token in the request's header, or null. The header has to be exactly a known prefix and one word; whatever else it
 * holds is somebody else's and the request is anonymous, as in django-graphql-jwt. The prefix is compared without case
 * (RFC 9110, section 11.1), and any white space separates.
 */
export function tokenFromHeader(request: RequestInfo, settings: JwtSettings): string | null {
  const header = headerValue(request, settings.authHeaderName);
  if (header === undefined) return null;
  const [, prefix = "", token = ""] = TWO_WORDS.exec(header) ?? [];
  return settings.authHeaderPrefix.some((ours) => isSameWord(ours, prefix)) ? token : null;
}

const TWO_WORDS = /^\s*(\S+)\s+(\S+)\s*$/;

function isSameWord(ours: string, theirs: string): boolean {
  return ours === theirs || ours.toLowerCase() === theirs.toLowerCase();
}
