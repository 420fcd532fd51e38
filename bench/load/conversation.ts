import type { Answer } from "./response-reader.js";
import type { ExchangePlan, FixedPlan, Plan, RequestParts, VaryingPlan } from "./plan.js";

/** What one connection says and hears. It goes on where it was when the connection is opened again. */
export interface Conversation {
  /** The next request, whole. */
  next(host: string): string;
  /** Takes the answer to it: what is wrong with it, or null. */
  accept(answer: Answer): string | null;
}

/**
 * @param index which connection it is
 * @param count how many there are: they share the plan's tokens
 */
export function converse(plan: Plan, index: number, count: number): Conversation {
  if (plan.kind === "fixed") return new FixedConversation(plan, index);
  return plan.kind === "varying" ? new VaryingConversation(plan) : new ExchangeConversation(plan, index, count);
}

class FixedConversation implements Conversation {
  readonly #plan: FixedPlan;
  readonly #texts = new Map<string, readonly string[]>();
  #at: number;

  constructor(plan: FixedPlan, index: number) {
    this.#plan = plan;
    this.#at = index;
  }

  next(host: string): string {
    const texts = this.#texts.get(host) ?? this.#plan.requests.map((request) => requestText(request, host));
    this.#texts.set(host, texts);
    this.#at = (this.#at + 1) % texts.length;
    return texts[this.#at] ?? "";
  }

  accept(answer: Answer): string | null {
    const { status, body } = this.#plan;
    return answer.status === status && answer.body === body ? null : `${describe(answer)} instead of ${body}`;
  }
}

class VaryingConversation implements Conversation {
  constructor(private readonly plan: VaryingPlan) {}

  next(host: string): string {
    return requestText(this.plan.request, host);
  }

  accept(answer: Answer): string | null {
    const missing = this.plan.texts.find((path) => textAt(answer, path) === null);
    return answer.status === 200 && missing === undefined ? null : `${describe(answer)} without ${missing}`;
  }
}

class ExchangeConversation implements Conversation {
  readonly #tokens: string[];
  #at = 0;

  constructor(
    private readonly plan: ExchangePlan,
    index: number,
    count: number,
  ) {
    this.#tokens = plan.tokens.filter((_, position) => position % count === index);
    if (this.#tokens.length === 0) throw new Error(`there are fewer tokens than connections: ${plan.tokens.length}`);
  }

  next(host: string): string {
    const { request } = this.plan;
    const body = request.body?.replace("TOKEN", this.#tokens[this.#at] ?? "") ?? "";
    return requestText({ ...request, body }, host);
  }

  accept(answer: Answer): string | null {
    const successor = answer.status === 200 ? textAt(answer, this.plan.successor) : null;
    if (successor === null) return `${describe(answer)} without ${this.plan.successor}`;
    if (successor === this.#tokens[this.#at]) return "the same token was answered back";
    this.#tokens[this.#at] = successor;
    this.#at = (this.#at + 1) % this.#tokens.length;
    return null;
  }
}

/** The request as it is sent (RFC 9112). */
export function requestText({ method, path, headers = {}, body = "" }: RequestParts, host: string): string {
  const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const fields = Object.entries({ host, ...headers, ...length });
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`;
}

/** The text at a path such as `data.me.username`; null if there is none, or an empty one. */
export function textAt({ body }: Answer, path: string): string | null {
  try {
    const found = path.split(".").reduce<unknown>((value, name) => (value as never)?.[name], JSON.parse(body));
    return typeof found === "string" && found !== "" ? found : null;
  } catch {
    return null;
  }
}

function describe({ status, body }: Answer): string {
  return `${status} ${body.slice(0, 300)}`;
}
