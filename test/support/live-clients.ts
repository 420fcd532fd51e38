import { createTRPCClient, createWSClient, httpSubscriptionLink, type TRPCClientError, wsLink } from "@trpc/client";
import { EventSource } from "eventsource";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { WebSocket } from "ws";
import type { AppRouter } from "../../src/index.js";
import { until } from "./until.js";

type Headers = Readonly<Record<string, string>>;

/** How a client says who it is. */
export interface Credentials {
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Headers;
}

/** The close of a socket, or what a stream ended with. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** A subscription to `sessionEvents` and what came of it, by whichever client. */
export class Subscription {
  readonly events: unknown[] = [];
  /** Codes of errors that came with the stream. */
  readonly errors: string[] = [];
  /** The stream has ended, for whatever reason. */
  isOver = false;
  /** How the socket was closed, each time. */
  readonly closes: Ending[] = [];
  /** How often a connection was begun. */
  attempts = 0;
  isStarted = false;
  /** Asks over the same connection who it is of; only with sockets. */
  me: () => Promise<string | null> = () => Promise.reject(new Error("only with sockets"));
  renew: (token: string) => Promise<unknown> = () => Promise.reject(new Error("only with sockets"));
  stop: () => void = () => {};

  async untilOver(): Promise<void> {
    await until(() => this.isOver);
  }
}

/** Subscribes to `sessionEvents`. Resolves when the server has begun to serve it, or has refused to. */
export interface LiveClient {
  readonly name: string;
  readonly api: "GraphQL" | "tRPC";
  readonly transport: "WebSocket" | "SSE";
  subscribe(url: string, credentials: Credentials): Promise<Subscription>;
}

function socketsWith(headers: Headers | undefined, subscription: Subscription): typeof globalThis.WebSocket {
  class ClientSocket extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, { headers });
      subscription.attempts += 1;
      this.on("close", (code, reason) => void subscription.closes.push({ code, reason: reason.toString() }));
    }
  }
  return ClientSocket as unknown as typeof globalThis.WebSocket;
}

const SESSION_EVENTS = "subscription { sessionEvents { type reason at } }";

/** The client of graphql-ws. It does not connect again unless `retryAttempts` says so. */
export const graphqlWs = (retryAttempts = 0): LiveClient => ({
  name: "graphql-ws",
  api: "GraphQL",
  transport: "WebSocket",
  async subscribe(url, { params, headers }) {
    const subscription = new Subscription();
    const client = createWsClient({
      url: `${url.replace("http", "ws")}/graphql`,
      webSocketImpl: socketsWith(headers, subscription),
      retryAttempts,
      retryWait: () => Promise.resolve(),
      // A lazy client closes the socket itself when its last subscription has ended, and may be faster than the server.
      lazy: false,
      onNonLazyError: () => undefined,
      ...(params && { connectionParams: params }),
    });
    const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> => {
      for await (const { data, errors } of client.iterate({ query, variables })) {
        if (errors) throw new Error(String(errors[0]?.extensions?.["code"]));
        return data ?? {};
      }
      throw new Error("no answer");
    };
    subscription.me = async () => {
      const { me } = await ask("{ me { username } }");
      return (me as { username: string } | null)?.username ?? null;
    };
    subscription.renew = (token) =>
      ask("mutation ($token: String!) { renewConnection(token: $token) { expires } }", { token }).then(
        ({ renewConnection }) => renewConnection,
      );
    const stop = client.subscribe<{ sessionEvents: unknown }>(
      { query: SESSION_EVENTS },
      {
        next({ data, errors }) {
          for (const { extensions } of errors ?? []) subscription.errors.push(String(extensions?.["code"]));
          if (data) subscription.events.push(data.sessionEvents);
        },
        error(error) {
          if (Array.isArray(error)) subscription.errors.push(String(error[0]?.extensions?.["code"]));
          subscription.isOver = true;
        },
        complete: () => void (subscription.isOver = true),
      },
    );
    subscription.stop = () => {
      stop();
      void client.dispose();
    };
    let isReady = false;
    // What is answered on the same socket is answered after the subscription has begun.
    if (!subscription.isOver)
      await subscription.me().then(
        () => (isReady = true),
        () => undefined,
      );
    subscription.isStarted = isReady;
    return subscription;
  },
});

/** The client of graphql-sse. */
export const graphqlSse: LiveClient = {
  name: "graphql-sse",
  api: "GraphQL",
  transport: "SSE",
  async subscribe(url, { headers = {} }) {
    const subscription = new Subscription();
    const client = createSseClient({
      url: `${url}/graphql`,
      headers,
      retryAttempts: 0,
      on: {
        connecting: () => void (subscription.attempts += 1),
        connected: () => void (subscription.isStarted = true),
      },
    });
    const stop = client.subscribe<{ sessionEvents: unknown }>(
      { query: SESSION_EVENTS },
      {
        next({ data, errors }) {
          for (const { extensions } of errors ?? []) subscription.errors.push(String(extensions?.["code"]));
          if (data) subscription.events.push(data.sessionEvents);
        },
        error: (error) => {
          const { response } = error as { response?: { status: number } };
          if (response) subscription.errors.push(String(response.status));
          subscription.isOver = true;
        },
        complete: () => void (subscription.isOver = true),
      },
    );
    subscription.stop = () => {
      stop();
      client.dispose();
    };
    await until(() => subscription.isStarted || subscription.isOver);
    return subscription;
  },
};

/** tRPC's client over a WebSocket. */
export const trpcWs: LiveClient = {
  name: "tRPC's wsLink",
  api: "tRPC",
  transport: "WebSocket",
  async subscribe(url, { params, headers }) {
    const subscription = new Subscription();
    const socket = createWSClient({
      url: `${url.replace("http", "ws")}/trpc`,
      WebSocket: socketsWith(headers, subscription),
      retryDelayMs: () => 2_000,
      ...(params && { connectionParams: () => params }),
      onClose: () => {
        if (!subscription.isStarted) subscription.isOver = true;
      },
    });
    const client = createTRPCClient<AppRouter>({ links: [wsLink<AppRouter>({ client: socket })] });
    subscription.me = async () => (await client.auth.me.query())?.username ?? null;
    subscription.renew = (token) => client.auth.renewConnection.mutate({ token });
    const running = client.auth.sessionEvents.subscribe(undefined, callbacks(subscription));
    subscription.stop = () => {
      running.unsubscribe();
      void socket.close();
    };
    await until(() => subscription.isStarted || subscription.isOver);
    return subscription;
  },
};

/** tRPC's client over Server-Sent Events. */
export const trpcSse: LiveClient = {
  name: "tRPC's httpSubscriptionLink",
  api: "tRPC",
  transport: "SSE",
  async subscribe(url, { headers = {} }) {
    const subscription = new Subscription();
    const link = httpSubscriptionLink<AppRouter, typeof EventSource>({
      url: `${url}/trpc`,
      EventSource,
      eventSourceOptions: {
        fetch: async (input, init) => {
          subscription.attempts += 1;
          const response = await fetch(input, { ...init, headers: { ...init.headers, ...headers } });
          if (!response.ok) subscription.errors.push(String(response.status));
          return response;
        },
      },
    });
    const client = createTRPCClient<AppRouter>({ links: [link] });
    const running = client.auth.sessionEvents.subscribe(undefined, callbacks(subscription));
    subscription.stop = () => running.unsubscribe();
    await until(() => subscription.isStarted || subscription.isOver);
    return subscription;
  },
};

export const LIVE_CLIENTS: readonly LiveClient[] = [graphqlWs(), graphqlSse, trpcWs, trpcSse];

function callbacks(subscription: Subscription) {
  return {
    onStarted: () => void (subscription.isStarted = true),
    onData: (event: unknown) => void subscription.events.push(event),
    onError: ({ data }: TRPCClientError<AppRouter>) => {
      if (data) subscription.errors.push(data.errorCode);
      subscription.isOver = true;
    },
    onComplete: () => void (subscription.isOver = true),
  };
}
