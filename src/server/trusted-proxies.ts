import { isIP } from "node:net";
import { WrongValue } from "./environment-variables.js";

/** Names for ranges of addresses, as Fastify knows them. */
const RANGES = ["loopback", "linklocal", "uniquelocal"];

/**
 * The addresses of the proxies whose `X-Forwarded-*` headers are believed, with commas: `10.0.0.7`, `10.0.0.0/8`,
 * `loopback`. Neither "all" nor a number of proxies can be written: then a client that reaches the server past the proxy
 * could say what its own address is.
 *
 * @throws WrongValue
 */
export function parseTrustedProxies(text: string): readonly string[] {
  const proxies = text.split(",").map((proxy) => proxy.trim());
  if (proxies.every(isProxy)) return proxies;
  throw new WrongValue(`must be addresses of proxies: 10.0.0.7, 10.0.0.0/8, ${RANGES.join(", ")}`);
}

function isProxy(text: string): boolean {
  if (RANGES.includes(text)) return true;
  const [address = "", length, ...others] = text.split("/");
  const family = isIP(address);
  return family !== 0 && others.length === 0 && (length === undefined || isPrefixLength(length, family));
}

/** A length of 0 would be all addresses. */
function isPrefixLength(text: string, family: number): boolean {
  return /^[1-9]\d{0,2}$/.test(text) && Number(text) <= (family === 4 ? 32 : 128);
}
