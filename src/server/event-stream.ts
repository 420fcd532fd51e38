import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { FastifyReply } from "fastify";
import { contextOf } from "./authentication.js";

/** A proxy that collects the answer, or changes it, would hold back what happens. */
const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

/** The answers that are being streamed, so that they do not hold a server that stops. */
export class EventStreams {
  private readonly running = new Set<FastifyReply["raw"]>();

  /** Sends one past Fastify, which would cut it off for taking so long. Resolves when it has ended, or the client has gone. */
  async send(reply: FastifyReply, body: AsyncIterable<string> | ReadableStream): Promise<void> {
    // Past its hooks too. Queries and mutations are done, and what they have set is complete.
    void reply.headers(contextOf(reply.request).cookies?.answerHeaders() ?? {});
    const { raw } = reply.hijack();
    this.running.add(raw);
    try {
      raw.writeHead(200, { ...ownHeaders(reply), ...HEADERS });
      await pipeline(Readable.from(body as AsyncIterable<string>), raw);
    } catch (error) {
      // The client, or the server that stops, has cut it off.
      if (!raw.destroyed) throw error;
    } finally {
      this.running.delete(raw);
    }
  }

  /** Cuts them off. Clients connect again by themselves, to another server. */
  cut(): void {
    for (const raw of this.running) raw.destroy();
  }
}

/** What hooks have set. */
function ownHeaders(reply: FastifyReply): Record<string, string | string[]> {
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  return Object.fromEntries(headers.map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]));
}
