import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthUser } from "../auth-user.js";
import { DirectRequest } from "./direct-request.js";
import type { DirectRequestsParts, DirectRoute } from "./direct-route.js";
import { plainRequests } from "./plain-request.js";

/**
 * Answers plain requests of the two faces without Fastify, whose hooks would find nothing to do for them and take twice as
 * long as everything else. The same functions authenticate, answer, refuse and log: on the wire there is no difference.
 */
export class DirectRequests<TUser extends AuthUser> {
  private readonly isPlain: (request: IncomingMessage) => boolean;
  private readonly routes: DirectRoute[] = [];
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
      new DirectRequest(this.parts, { request, response, route, isStopping: () => this.isStopping }).answer(answer);
      return true;
    }
    return false;
  }

  /** From now on requests are Fastify's, which refuses them; those that run are the last of their connections. */
  stop(): void {
    this.isStopping = true;
  }
}
