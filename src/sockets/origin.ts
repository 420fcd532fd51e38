import { parseUrl } from "../parse-url.js";
import { headerValue, type RequestInfo } from "../request-info.js";

/**
 * Whether a WebSocket may be opened by a page of the origin that the request names (RFC 6455, section 10.2): browsers send
 * cookies with it whatever page it is, ask for no permission, and let that page read all that comes. Clients other than
 * browsers name none. Of a request that came over TLS a page of the same host without TLS is not ours: whoever is between it
 * and its browser can write into it.
 *
 * @param isOurs whether an origin beside the server's own is one of ours, for example `https://app.example.com`
 */
export function isAllowedOrigin(request: RequestInfo, isOurs: (origin: string) => boolean): boolean {
  const origin = headerValue(request, "origin");
  if (origin === undefined || isOurs(origin)) return true;
  const ours = headerValue(request, "host");
  const theirs = parseUrl(origin);
  if (request.isSecure && theirs?.protocol !== "https:") return false;
  if (ours === undefined || !theirs) return false;
  // As a URL, for the port that goes without saying.
  return theirs.host !== "" && parseUrl(`${theirs.protocol}//${ours}`)?.host === theirs.host;
}
