import { resolve } from "node:path";

/** RFC 3986, section 3.1. A drive letter of Windows is none: schemes of one letter do not exist. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

/** What is no URL: a path. */
export const PLACE = /^(?![a-z][a-z0-9+.-]+:)[^\0]+$/i;

const LOOPBACK = String.raw`(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])`;

/**
 * A path, or the URL of a JWK Set. Whoever can change the keys on their way can sign: without TLS they come from this
 * machine only. A password in a URL would be shown where settings are.
 */
export const JWKS_URL = new RegExp(
  String.raw`^(?:(?![a-z][a-z0-9+.-]+:)[^\0]+|https://[^\s@/?#][^\s@]*|http://${LOOPBACK}(?::\d+)?(?:[/?][^\s@]*)?)$`,
  "i",
);

/** Whether a place is a URL and no file. */
export function isUrl(place: string): boolean {
  return SCHEME.test(place);
}

/** A place as it is used from everywhere: a URL as it is, `PATH` and `file:PATH` as an absolute path. */
export function readPlace(text: string, directory: string): string {
  const path = text.startsWith("file:") ? text.slice("file:".length) : text;
  return path === "" || isUrl(path) ? path : resolve(directory, path);
}
