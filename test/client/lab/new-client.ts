import {
  type AuthClient,
  type AuthClientOptions,
  type AuthEvent,
  createAuthClient,
  type Lock,
} from "../../../src/client/index.js";
import type { AuthUserOutput } from "../../../src/trpc/auth-router-types.js";
import { PASSWORD, type TestContext } from "../../support/test-context.js";
import { Traffic } from "./traffic.js";

/** A client of a test's server, and what it did. */
export interface Lab {
  readonly auth: AuthClient;
  readonly traffic: Traffic;
  /** What its listener was told. */
  readonly events: AuthEvent<AuthUserOutput>[];
  /** The reasons alone, with the code of an error. */
  readonly reasons: () => string[];
}

/** A new client. Its device's clock is wrong by an hour, unless the options say otherwise: that must not matter. */
export function newClient(context: TestContext, options: Partial<AuthClientOptions> = {}): Lab {
  const traffic = new Traffic();
  const path = (options.api ?? "trpc") === "trpc" ? "trpc" : "graphql";
  const auth = createAuthClient({
    url: `${context.url}/${path}`,
    fetch: traffic.fetch,
    clock: { now: () => new Date(context.clock.now().getTime() + 3_600_000) },
    ...options,
  });
  const events: AuthEvent<AuthUserOutput>[] = [];
  auth.subscribe((event) => events.push(event));
  return { auth, traffic, events, reasons: () => events.map(reasonOf) };
}

/** A new client of a new user, logged in; what it did so far is forgotten. */
export async function loggedIn(context: TestContext, options: Partial<AuthClientOptions> = {}) {
  const lab = newClient(context, options);
  const user = await context.createUser();
  await lab.auth.login(user.username, PASSWORD);
  forget(lab);
  context.forget();
  return { ...lab, user };
}

export function forget({ traffic, events }: Lab): void {
  traffic.sent.length = 0;
  events.length = 0;
}

function reasonOf(event: AuthEvent<unknown>): string {
  const { error } = event as { error?: { code?: string } };
  return error === undefined ? event.reason : `${event.reason}: ${error.code}`;
}

/** One at a time for all clients that are given it, as Web Locks are for the tabs of a site. */
export function sharedLock(): Lock {
  const last = new Map<string, Promise<unknown>>();
  return (name, run) => {
    const next = (last.get(name) ?? Promise.resolve()).then(run);
    last.set(
      name,
      next.catch(() => undefined),
    );
    return next;
  };
}
