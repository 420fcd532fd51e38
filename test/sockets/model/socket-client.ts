import { once } from "node:events";
import { WebSocket } from "ws";

export type Topic = "ticks" | "sessionEvents";

/** What one operation was told, oldest first: `7`, `LOGGED_OUT EXPIRED`, `error INVALID_TOKEN`, `end`. */
export type Told = Map<string, string[]>;

/** One socket, frame by frame: what a client library would leave out, it shows. */
export abstract class SocketClient {
  readonly told: Told = new Map();
  /** Codes and reasons; there should be one at the most. */
  readonly closes: string[] = [];
  isAcknowledged = false;

  protected constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer) => this.receive(JSON.parse(data.toString()) as never));
    socket.on("close", (code, reason) => void this.closes.push(`${code} ${reason.toString()}`));
  }

  abstract init(token: string): void;
  abstract subscribe(id: string, topic: Topic): void;
  abstract unsubscribe(id: string): void;
  /** Asks over the socket who it is of. */
  abstract me(id: string): void;
  abstract renew(id: string, token: string): void;
  protected abstract receive(message: never): void;

  send(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  toldTo(id: string): string[] {
    const known = this.told.get(id) ?? [];
    this.told.set(id, known);
    return known;
  }
}

interface GraphQLMessage {
  readonly type: string;
  readonly id: string;
  readonly payload?: {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: readonly GraphQLErrorMessage[];
  } & readonly GraphQLErrorMessage[];
}

interface GraphQLErrorMessage {
  readonly extensions: { readonly code: string };
}

class GraphQLClient extends SocketClient {
  constructor(url: string) {
    super(new WebSocket(`${url}/graphql`, "graphql-transport-ws"));
  }

  init(token: string): void {
    this.send({ type: "connection_init", payload: { authorization: `JWT ${token}` } });
  }

  subscribe(id: string, topic: Topic): void {
    this.ask(id, topic === "ticks" ? "subscription { ticks }" : "subscription { sessionEvents { type reason } }");
  }

  unsubscribe(id: string): void {
    this.send({ type: "complete", id });
  }

  me(id: string): void {
    this.ask(id, "{ me { username } }");
  }

  renew(id: string, token: string): void {
    this.ask(id, `mutation { renewConnection(token: "${token}") { expires } }`);
  }

  protected receive({ type, id, payload }: GraphQLMessage): void {
    if (type === "connection_ack") this.isAcknowledged = true;
    if (type === "complete") this.toldTo(id).push("end");
    if (type === "error" && payload) this.toldTo(id).push(...payload.map(errorText));
    if (type !== "next" || !payload) return;
    const { data, errors = [] } = payload;
    this.toldTo(id).push(...(errors.length > 0 ? errors.map(errorText) : Object.values(data ?? {}).map(valueText)));
  }

  private ask(id: string, query: string): void {
    this.send({ type: "subscribe", id, payload: { query } });
  }
}

interface TrpcMessage {
  readonly id: number;
  readonly result?: { readonly type: string; readonly data?: unknown };
  readonly error?: { readonly data: { readonly errorCode: string } };
}

class TrpcClient extends SocketClient {
  constructor(url: string) {
    super(new WebSocket(`${url}/trpc?connectionParams=1`));
  }

  init(token: string): void {
    this.send({ method: "connectionParams", data: { authorization: `JWT ${token}` } });
    // It has no message that says so, but answers the first question.
    this.me("0");
  }

  subscribe(id: string, topic: Topic): void {
    this.ask(id, "subscription", topic === "ticks" ? topic : `auth.${topic}`);
  }

  unsubscribe(id: string): void {
    this.send({ id: Number(id), method: "subscription.stop" });
  }

  me(id: string): void {
    this.ask(id, "query", "auth.me");
  }

  renew(id: string, token: string): void {
    this.ask(id, "mutation", "auth.renewConnection", { token });
  }

  protected receive({ id, result, error }: TrpcMessage): void {
    const told = this.toldTo(String(id));
    if (error) told.push(`error ${error.data.errorCode}`);
    else this.isAcknowledged = true;
    if (result?.type === "data") told.push(valueText(result.data));
    if (result?.type === "stopped") told.push("end");
  }

  private ask(id: string, method: string, path: string, input?: object): void {
    this.send({ id: Number(id), method, params: { path, input } });
  }
}

export const CLIENTS = { GraphQL: GraphQLClient, tRPC: TrpcClient } as const;

export async function openSocket(face: keyof typeof CLIENTS, url: string): Promise<SocketClient> {
  const client = new CLIENTS[face](url);
  await once(client.socket, "open");
  return client;
}

function errorText({ extensions }: GraphQLErrorMessage): string {
  return `error ${extensions.code}`;
}

/** A tick, an event of a session, whom it is of, or until when it was renewed. */
function valueText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const { type, reason, username, expires } = value as Readonly<Record<string, string>>;
  return type === undefined ? String(username ?? expires) : `${type} ${reason}`;
}
