import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddr from "@fastify/proxy-addr";
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

/**
 * Who a request comes from that is no request to Fastify: what a proxy that is believed says it is, unless it is none.
 * Fastify finds the address of all others in the same way.
 */
export function addressBehind(proxies: readonly string[]): (request: IncomingMessage) => string | undefined {
  const isTrusted = proxyAddr.compile([...proxies]);
  return (request) => {
    const address = proxyAddr(request, isTrusted);
    return isIP(address) === 0 ? request.socket.remoteAddress : address;
  };
}
