import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { RawAnswer } from "./raw-http.js";

/** A header that says what is so without it, but with which a request is none of the plain ones. */
export const UNPLAIN = { "content-encoding": "identity" } as const;

/** The same request, which Fastify and tRPC's own adapter answer. */
export function diverted(bytes: string): string {
  return bytes.replace("\r\n", `\r\nContent-Encoding: ${UNPLAIN["content-encoding"]}\r\n`);
}

/** Requests that the two faces may answer without Fastify. */
export function isDivertible(bytes: string): boolean {
  return /^(?:POST \/graphql|(?:GET|POST) \/trpc\/\S*) HTTP\/1\.1\r\n/.test(bytes) && bytes.length < 100_000;
}

/** An answer without what differs between any two: every header in its order, and the body to the byte. */
export function comparable({ status, headers, body }: RawAnswer): object {
  const varying: Readonly<Record<string, string>> = { date: "Date", "x-request-id": "id" };
  return { status, headers: Object.entries(headers).map(([name, value]) => [name, varying[name] ?? value]), body };
}

/** How many requests of this process reached a handler of Fastify while something ran. */
export async function fastifyRequests(run: () => Promise<void>): Promise<number> {
  let count = 0;
  const onStart = () => void (count += 1);
  subscribe("tracing:fastify.request.handler:start", onStart);
  try {
    await run();
    return count;
  } finally {
    unsubscribe("tracing:fastify.request.handler:start", onStart);
  }
}
