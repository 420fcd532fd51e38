import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server of the benchmark writes once it listens. */
export const READY = /^ready (http:\/\/\S+)$/m;

/** What the process was started with: one argument, JSON. */
export function givenOptions(): unknown {
  return JSON.parse(process.argv[2] ?? "{}");
}

/** Listens on any free port of 127.0.0.1, and says where. */
export function serve(listener: RequestListener): void {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => announce(server));
}

/** Says where a server listens that somebody else made. */
export function announce(server: Server): void {
  process.once("SIGTERM", () => process.exit(0)); // Node writes a profile only if the process ends by itself.
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
