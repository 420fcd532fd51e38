import type { FreshSession } from "./fresh-session.js";
import { isTokenError } from "./refusal.js";

/*
 * The types of tRPC's links, as far as this one needs them: it goes between the links of any router, and neither
 * @trpc/client nor @trpc/server has to be installed for it.
 */

interface Unsubscribable {
  unsubscribe(): void;
}

interface Observer {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

interface Subscribable {
  // Methods, so that observables of any type are such.
  subscribe(observer: Observer): Unsubscribable;
}

/** A `TRPCLink` of any router. */
export type AuthLink = () => <Op, Result extends object>(call: { op: Op; next: (op: Op) => Result }) => Result;

/** What an error of tRPC's client says. */
interface ClientError {
  readonly data?: { readonly errorCode?: string } | null;
  readonly meta?: { readonly response?: unknown };
}

/**
 * A link for what is no `fetch`: subscriptions over WebSockets and server-sent events. A call whose connection has a bad
 * token is made once more after a refresh. There a token that was an argument looks the same, and costs a refresh too. Calls
 * over HTTP are left to `auth.fetch`.
 */
export function authLink(fresh: FreshSession): AuthLink {
  return () =>
    <Op, Result extends object>({ op, next }: { op: Op; next: (op: Op) => Result }) => {
      const attempt = () => next(op) as unknown as Subscribable;
      return observable((observer) => subscribeTwice(attempt, fresh, observer)) as unknown as Result;
    };
}

function subscribeTwice(attempt: () => Subscribable, fresh: FreshSession, observer: Observer): Unsubscribable {
  let subscription: Unsubscribable | undefined;
  let over = false;
  const { current: tried } = fresh;

  async function retry(error: unknown): Promise<void> {
    const next = tried && (await fresh.after(tried));
    if (over) return;
    if (next) subscription = attempt().subscribe(observer);
    else observer.error(error);
  }

  subscription = attempt().subscribe({
    next: (value) => observer.next(value),
    complete: () => observer.complete(),
    error: (error) => (isBadToken(error as ClientError) ? void retry(error) : observer.error(error)),
  });
  return {
    unsubscribe() {
      over = true;
      subscription?.unsubscribe();
    },
  };
}

function isBadToken(error: ClientError): boolean {
  return error.meta?.response === undefined && isTokenError(error);
}

type Operator = (source: object) => object;

/** As tRPC's own, which would have to be imported. */
function observable(subscribe: (observer: Observer) => Unsubscribable): object {
  const self = {
    subscribe: (observer: Partial<Observer>) =>
      subscribe({
        next: (value) => observer.next?.(value),
        error: (error) => observer.error?.(error),
        complete: () => observer.complete?.(),
      }),
    pipe: (...operators: readonly Operator[]) => operators.reduce<object>((source, operate) => operate(source), self),
  };
  return self;
}
