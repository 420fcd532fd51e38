import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthUser } from "../auth-user.js";
import { DirectRequest, type Exchange } from "./direct-request.js";
import type { DirectRequestsParts, DirectRoute } from "./direct-route.js";
import { plainRequests } from "./plain-request.js";

/**
 * Most requests that run side by side from the same turn of the event loop: what they need has to stay in the processor's
 * caches until their answers are written.
 */
const MOST_AT_ONCE = 64;

/**
 * Answers plain requests of the two faces without Fastify, whose hooks would find nothing to do for them and take twice as
 * long as everything else. The same functions authenticate, answer, refuse and log: on the wire there is no difference.
 *
 * Requests that arrive in the same turn of the event loop are read first and run then. A system call leaves the caches to
 * the kernel, and what runs after it pays for that; like this it is paid once for all of them.
 */
export class DirectRequests<TUser extends AuthUser> {
  private readonly isPlain: (request: IncomingMessage) => boolean;
  private readonly routes: DirectRoute[] = [];
  /** Those that have been read, and do not run yet. */
  private readonly arrived: DirectRequest<TUser>[] = [];
  private isStopping = false;

  constructor(private readonly parts: DirectRequestsParts<TUser>) {
    this.isPlain = plainRequests(parts.limits);
  }

  /** Answers plain requests of one more route. */
  serve(route: DirectRoute): void {
    this.routes.push(route);
  }

  /** Takes a request if it is plain. False: it is for Fastify, and nothing of it was read. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.isStopping || !this.isPlain(request)) return false;
    for (const route of this.routes) {
      const answer = route.accept(request);
      if (!answer) continue;
      this.begin({ request, response, route, answer, isStopping: () => this.isStopping });
      return true;
    }
    return false;
  }

  /** From now on requests are Fastify's, which refuses them; those that run are the last of their connections. */
  stop(): void {
    this.isStopping = true;
  }

  private begin(exchange: Exchange): void {
    const request = new DirectRequest(this.parts, exchange);
    request.begin();
    if (this.arrived.push(request) === 1) setImmediate(() => this.runArrived());
  }

  private runArrived(): void {
    const arrived = this.arrived.splice(0, MOST_AT_ONCE);
    if (this.arrived.length > 0) setImmediate(() => this.runArrived());
    for (const request of arrived) void request.run();
  }
}
