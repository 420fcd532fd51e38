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
  const [prefix, token, ...rest] = header.trim().split(/\s+/);
  if (!prefix || !token || rest.length > 0) return null;
  const known = settings.authHeaderPrefix.some((ours) => ours.toLowerCase() === prefix.toLowerCase());
  return known ? token : null;
}
