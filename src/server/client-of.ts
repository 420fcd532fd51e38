import type { IncomingMessage } from "node:http";
import proxyAddr from "@fastify/proxy-addr";
import { addressBehind } from "./trusted-proxies.js";

/** Who sent a request. */
export interface Client {
  readonly address: string | undefined;
  /** Whether it came over TLS, to a proxy that is believed. */
  readonly isSecure: boolean;
}

/**
 * Finds out who sent a request that is answered without Fastify, in Fastify's way: a proxy that is believed says it, and the
 * last one in a list is what that proxy has added.
 *
 * @param proxies addresses of proxies; where there are none nobody is believed
 */
export function clientsBehind(proxies: readonly string[]): (request: IncomingMessage) => Client {
  if (proxies.length === 0) return ({ socket }) => ({ address: socket.remoteAddress, isSecure: false });
  const isTrusted = proxyAddr.compile([...proxies]);
  const addressOf = addressBehind(proxies);
  return (request) => {
    const { remoteAddress } = request.socket;
    const isBelieved = remoteAddress !== undefined && isTrusted(remoteAddress, 0);
    const isSecure = isBelieved && lastOf(request.headers["x-forwarded-proto"]) === "https";
    return { address: addressOf(request), isSecure };
  };
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return String(header ?? "")
    .split(",")
    .at(-1)
    ?.trim();
}
