import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthUser } from "../auth-user.js";
import { ServiceUnavailableError } from "../errors.js";
import type { HttpResponse } from "../http-response.js";
import type { Logger } from "../logger.js";
import type { AuthContext } from "../request/context.js";
import type { RequestInfo } from "../request-info.js";
import { sendBody } from "../send-response.js";
import { headerList } from "./answer-headers.js";
import type { Limited, Running } from "./answer-limit.js";
import type { DirectAnswer, DirectRequestsParts, DirectRoute } from "./direct-route.js";
import { bodyText } from "./plain-request.js";
import { REQUEST, tenths } from "./request-log.js";
import { failureAnswer, logFailure } from "./send-error.js";

/** A request, and how it is answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: DirectRoute;
  readonly answer: DirectAnswer;
  readonly isStopping: () => boolean;
}

/** One plain request, from its head to its line in the log. */
export class DirectRequest<TUser extends AuthUser> implements Limited {
  readonly started = performance.now();
  private readonly id = randomUUID();
  private readonly info: RequestInfo;
  private readonly isSecure: boolean;
  private context: AuthContext | null = null;
  /** Its place in the line of those that must be answered in time, until its connection is done with it. */
  private running: Running | null = null;
  private isOver = false;

  constructor(
    private readonly parts: DirectRequestsParts<TUser>,
    private readonly exchange: Exchange,
  ) {
    const { method, url, headers } = exchange.request;
    const { address, isSecure } = parts.clientOf(exchange.request);
    this.info = { method, url, headers, address, id: this.id };
    this.isSecure = isSecure;
  }

  /** Takes the request: from now on it counts as running. */
  begin(): void {
    // `once` would wrap it: `close` itself sees to it that a second time counts for nothing.
    this.exchange.response.on("close", () => this.close());
    this.running = this.parts.answerLimit.begin(this);
  }

  /** The lines of a request begin with its id. */
  get log(): Logger {
    return this.parts.logger.child({ reqId: this.id });
  }

  giveUp(): void {
    const cause = new Error(`There was no answer within ${this.parts.limits.answerTime} ms`);
    void this.fail(new ServiceUnavailableError({ cause }));
  }

  /** Authenticates first: who has a bad token is not read any further. Never rejects. */
  async run(): Promise<void> {
    const { info, parts, exchange } = this;
    try {
      const context = await parts.auth.context(info);
      this.context = context;
      const text = bodyText(exchange.request);
      const body = typeof text === "string" ? text : await text;
      const onServerError = (error: unknown) => logFailure(this, error, exchange.route.failure);
      this.send(await exchange.answer({ request: info, body, context, onServerError }));
    } catch (error) {
      await this.fail(error);
    }
  }

  /** Never rejects. */
  private async fail(thrown: unknown): Promise<void> {
    const { request, route } = this.exchange;
    const failed = { request: this.info, raw: request, log: this.log, trpc: route.trpc };
    try {
      this.send(await failureAnswer(this.parts.auth, failed, thrown));
    } catch (error) {
      this.breakOff(error);
    }
  }

  /** Of several answers, the one that failed in time and the one that came too late, the first counts. */
  private send({ status, headers, body }: HttpResponse): void {
    if (this.isOver) return;
    this.isOver = true;
    const cookies = this.context?.cookies;
    const list = headerList(this.id, cookies ? { ...headers, ...cookies.answerHeaders() } : headers, {
      isSecure: this.isSecure,
      cors: this.parts.corsHeaders(this.exchange.request.headers.origin),
    });
    if (this.exchange.isStopping()) list.push("connection", "close");
    list.push("content-length", String(Buffer.byteLength(body)));
    this.exchange.response.writeHead(status, list);
    sendBody(this.exchange.response, body);
  }

  /** Nothing can be answered: not even a refusal could be made. */
  private breakOff(error: unknown): void {
    this.log.error({ err: error }, "a request failed");
    this.exchange.response.destroy();
  }

  /** It is answered, or its connection is gone: then nobody reads an answer, and none is logged. */
  private close(): void {
    const { request, response, route } = this.exchange;
    const { requests, answerLimit, logger } = this.parts;
    if (!this.running) return;
    answerLimit.end(this.running);
    this.running = null;
    this.isOver = true;
    requests.end(request.socket);
    if (!response.writableFinished) return;
    const ms = tenths(performance.now() - this.started);
    logger.info({ reqId: this.id, method: request.method, route: route.url, status: response.statusCode, ms }, REQUEST);
  }
}
