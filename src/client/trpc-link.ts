import type { FreshSession } from "./fresh-session.js";
import type { SetTimer } from "./keep-connection.js";
import { isTokenError } from "./refusal.js";
import type { StoredSession } from "./session.js";

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

/** A socket whose token was refused is closed at once; what is sent before that has arrived here is lost. Milliseconds. */
const CLOSING_TIME = 200;

/** What an error of tRPC's client says. */
interface ClientError {
  readonly data?: { readonly errorCode?: string } | null;
  readonly meta?: { readonly response?: unknown };
}

/**
 * A link for what is no `fetch`: subscriptions over WebSockets and server-sent events. A call whose connection has a bad
 * token is made again after a refresh: whenever the token has expired, and otherwise once. There a token that was an argument
 * looks the same, and costs a refresh too. Calls over HTTP are left to `auth.fetch`.
 */
export function authLink(fresh: FreshSession, setTimer: SetTimer): AuthLink {
  return () =>
    <Op, Result extends object>({ op, next }: { op: Op; next: (op: Op) => Result }) => {
      const attempt = () => next(op) as unknown as Subscribable;
      return observable((observer) => subscribeWith(attempt, { fresh, setTimer }, observer)) as unknown as Result;
    };
}

interface LinkParts {
  readonly fresh: FreshSession;
  readonly setTimer: SetTimer;
}

function subscribeWith(
  attempt: () => Subscribable,
  { fresh, setTimer }: LinkParts,
  observer: Observer,
): Unsubscribable {
  let subscription: Unsubscribable | undefined;
  let over = false;
  // A token that is refused too early may be refused for ever, or it was not this one: a next one is tried once.
  let mayBeEarly = true;

  function start(): void {
    const { current: tried } = fresh;
    subscription = attempt().subscribe({
      next: (value) => observer.next(value),
      complete: () => observer.complete(),
      error: (error) => (isBadToken(error as ClientError) ? void retry(error, tried) : observer.error(error)),
    });
  }

  async function retry(error: unknown, tried: StoredSession | null): Promise<void> {
    const isSpent = tried !== null && fresh.isSpent(tried);
    const next = tried && (isSpent || mayBeEarly) && (await fresh.after(tried));
    mayBeEarly = isSpent;
    if (next) await new Promise<void>((resolve) => setTimer(resolve, CLOSING_TIME));
    if (over) return;
    if (next) start();
    else observer.error(error);
  }

  start();
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
