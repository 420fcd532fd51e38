import type { Topic } from "./socket-client.js";

export type Face = "GraphQL" | "tRPC";
export type Reason = "EXPIRED" | "REVOKED" | "USER_DISABLED" | "MISUSED";

const INIT_TIME = 10;

const CLOSES: Readonly<Record<Reason, string>> = {
  EXPIRED: "4403 Token expired",
  REVOKED: "4401 Session revoked",
  USER_DISABLED: "4401 Session revoked",
  MISUSED: "4401 Invalid token",
};

/** What a connection is supposed to do, without a socket, a database or a timer. Times are Unix seconds. */
export class ConnectionModel {
  phase: "opened" | "acknowledged" | "over" = "opened";
  /** How the socket was closed. */
  close: string | undefined;
  readonly running = new Map<string, Topic>();
  /** What each subscription was told. */
  readonly told = new Map<string, string[]>();
  private readonly initBy: number;
  private expires = Infinity;
  /** Something that only the database knows yet. */
  private unseen: Reason | undefined;

  constructor(
    private readonly face: Face,
    private now: number,
  ) {
    this.initBy = now + INIT_TIME;
  }

  init(token: { readonly expires: number } | "garbage" | "expired"): void {
    if (token === "garbage") this.closed("4401 Invalid token");
    else if (token === "expired") this.closed("4403 Token expired");
    else [this.phase, this.expires] = ["acknowledged", token.expires];
  }

  pass(seconds: number): void {
    this.now += seconds;
    if (this.phase === "opened" && this.now >= this.initBy) this.closed("4408 Connection initialisation timeout");
    if (this.unseen) this.end(this.unseen);
    if (this.now >= this.expires) this.end("EXPIRED");
  }

  /** Something that this process has done itself. */
  revoke(): void {
    this.end("REVOKED");
  }

  /** What the database knows is seen within five seconds. Of two reasons within them either may come first. */
  get wouldSeeInTime(): boolean {
    return this.now + 5 < this.expires;
  }

  disable(): void {
    this.unseen = "USER_DISABLED";
  }

  /** Any operation looks first. Answers whether it may begin. */
  mayBegin(): boolean {
    if (this.phase === "acknowledged" && this.unseen) this.end(this.unseen);
    return this.phase === "acknowledged";
  }

  subscribe(id: string, topic: Topic): void {
    const mayBegin = this.mayBegin();
    this.told.set(id, mayBegin ? [] : ["error INVALID_TOKEN"]);
    if (mayBegin) this.running.set(id, topic);
  }

  unsubscribe(id: string): void {
    this.running.delete(id);
    if (this.face === "tRPC") this.told.get(id)?.push("end");
  }

  publish(tick: number): void {
    for (const [id, topic] of this.running) if (topic === "ticks") this.told.get(id)?.push(String(tick));
  }

  renew(expires: number): void {
    this.expires = expires;
  }

  misuse(): void {
    this.end("MISUSED");
  }

  /** The client goes. */
  leave(): void {
    this.closed("1000 ");
  }

  get ticks(): number {
    return Array.from(this.running.values()).filter((topic) => topic === "ticks").length;
  }

  private end(reason: Reason): void {
    if (this.phase !== "acknowledged") return;
    for (const [id, topic] of this.running) this.told.get(id)?.push(...this.lastWords(topic, reason));
    this.closed(CLOSES[reason]);
  }

  private lastWords(topic: Topic, reason: Reason): string[] {
    if (topic === "sessionEvents" && reason !== "MISUSED") return [`LOGGED_OUT ${reason}`, "end"];
    // graphql-ws tells of the close; tRPC's client does not, so that each of its subscriptions has to be told.
    return this.face === "GraphQL" ? [] : [`error ${reason === "EXPIRED" ? "TOKEN_EXPIRED" : "INVALID_TOKEN"}`, "end"];
  }

  private closed(how: string): void {
    if (this.phase === "over") return;
    this.phase = "over";
    this.close = how;
    this.running.clear();
  }
}
