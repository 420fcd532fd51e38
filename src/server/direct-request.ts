import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthUser } from "../auth-user.js";
import { ServiceUnavailableError } from "../errors.js";
import type { HttpResponse } from "../http-response.js";
import type { Logger } from "../logger.js";
import type { AuthContext } from "../request/context.js";
import type { RequestInfo } from "../request-info.js";
import { answerHeaders } from "./answer-headers.js";
import type { DirectAnswer, DirectRequestsParts, DirectRoute } from "./direct-route.js";
import { bodyText } from "./plain-request.js";
import { REQUEST, tenths } from "./request-log.js";
import { failureAnswer, logFailure } from "./send-error.js";

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: DirectRoute;
  readonly isStopping: () => boolean;
}

/** One plain request, from its head to its line in the log. */
export class DirectRequest<TUser extends AuthUser> {
  private readonly id = randomUUID();
  private readonly started = performance.now();
  private readonly info: RequestInfo;
  private context: AuthContext | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly parts: DirectRequestsParts<TUser>,
    private readonly exchange: Exchange,
  ) {
    const { method, url, headers, socket } = exchange.request;
    this.info = { method, url, headers, address: socket.remoteAddress, id: this.id };
  }

  /** Authenticates first: who has a bad token is not read any further. */
  answer(answer: DirectAnswer): void {
    const { request, response } = this.exchange;
    const { pipelines, limits } = this.parts;
    if (!pipelines.admits(response, request.socket)) return pipelines.cut(request.socket, this.log);
    this.timer = setTimeout(() => this.giveUp(), limits.answerTime);
    response.once("finish", () => this.logLine());
    response.once("close", () => this.end());
    void this.run(answer).catch((error: unknown) => this.breakOff(error));
  }

  private async run(answer: DirectAnswer): Promise<void> {
    const { info, parts, exchange } = this;
    try {
      const context = await parts.auth.context(info);
      this.context = context;
      const text = bodyText(exchange.request);
      const body = typeof text === "string" ? text : await text;
      const onServerError = (error: unknown) => logFailure(this, error, exchange.route.failure);
      this.send(await answer({ request: info, body, context, onServerError }));
    } catch (error) {
      await this.fail(error);
    }
  }

  /** The lines of a request begin with its id. */
  get log(): Logger {
    return this.parts.logger.child({ reqId: this.id });
  }

  private send({ status, headers, body }: HttpResponse): void {
    if (this.isOver) return;
    this.end();
    const cookies = this.context?.cookies?.setCookieHeaders() ?? [];
    this.exchange.response
      .writeHead(status, {
        ...answerHeaders(this.id),
        ...headers,
        ...(this.exchange.isStopping() && { connection: "close" }),
        ...(cookies.length > 0 && { "set-cookie": cookies }),
        "content-length": Buffer.byteLength(body),
      })
      .end(body);
  }

  private async fail(thrown: unknown): Promise<void> {
    const { request, route } = this.exchange;
    const failed = { request: this.info, raw: request, log: this.log, trpc: route.trpc };
    this.send(await failureAnswer(this.parts.auth, failed, thrown));
  }

  private giveUp(): void {
    const cause = new Error(`There was no answer within ${this.parts.limits.answerTime} ms`);
    void this.fail(new ServiceUnavailableError({ cause })).catch((error: unknown) => this.breakOff(error));
  }

  /** It is answered, or its connection is gone: whatever comes now is too late. */
  private end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** Nothing can be answered: not even a refusal could be made. */
  private breakOff(error: unknown): void {
    this.log.error({ err: error }, "a request failed");
    this.exchange.response.destroy();
  }

  private logLine(): void {
    const { request, response, route } = this.exchange;
    const ms = tenths(performance.now() - this.started);
    const line = { reqId: this.id, method: request.method, route: route.url, status: response.statusCode, ms };
    this.parts.logger.info(line, REQUEST);
  }
}
