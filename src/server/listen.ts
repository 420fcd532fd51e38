import { lookup } from "node:dns/promises";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";

/** The server cannot listen where it is told to. The message says what to do about it, to the operator. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** An address to listen on, and a port, 0 for any free one. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Starts to listen.
 *
 * @returns the URL at which this machine reaches the server, for example `http://127.0.0.1:4000`
 * @throws ListenError
 */
export async function listen(http: FastifyInstance, { host, port }: Endpoint): Promise<string> {
  try {
    // By its name Fastify would listen on every address of `localhost`, on each with a server that it does not wait for
    // when it closes.
    await http.listen({ host: host === "localhost" ? (await lookup(host)).address : host, port });
  } catch (error) {
    throw new ListenError(reason(error as NodeJS.ErrnoException, { host, port }), { cause: error });
  }
  return urlOf(host, (http.server.address() as AddressInfo).port);
}

function reason({ code, message }: NodeJS.ErrnoException, { host, port }: Endpoint): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} on ${host} is in use: stop the program that listens there, or set PORT to another one`;
    case "EACCES":
      return `port ${port} is reserved for privileged programs: set PORT to one above 1023`;
    case "EADDRNOTAVAIL":
      return `${host} is no address of this machine: set HOST to one that is, or to 0.0.0.0 for all of them`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the name ${host} has no address: set HOST to an address of this machine, one of IPv6 without brackets`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}

/** "All addresses" is none that a client could connect to. */
const REACHABLE: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

function urlOf(host: string, port: number): string {
  const name = REACHABLE[host] ?? host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
