import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { AuthUser } from "../auth-user.js";
import { AuthError, ServiceUnavailableError } from "../errors.js";
import type { Logger } from "../logger.js";
import { GOING_AWAY, INIT_TIMEOUT } from "../request/connect.js";
import type { AuthContext } from "../request/context.js";
import { headProblem } from "../request-head.js";
import type { RequestInfo } from "../request-info.js";
import { answerAsRequest } from "./answer-as-request.js";
import { graphqlFace, type SocketFace, trpcFace } from "./faces.js";
import { OpenSocket } from "./open-socket.js";
import { isAllowedOrigin } from "./origin.js";
import { refuseUpgrade, UpgradeError } from "./refuse-upgrade.js";
import { completeOptions, requestInfo, type SocketServerOptions } from "./socket-options.js";

/** The WebSockets of a server. */
export interface SocketServer {
  /** How many are open. */
  readonly size: number;
  /** Takes no more, tells the clients that the server goes away, and resolves when all are closed. */
  close(): Promise<void>;
}

/**
 * Serves GraphQL and tRPC over WebSockets, on the port of an HTTP server. Where the host application listens for `upgrade`
 * too, other paths are left to it.
 *
 * A request is refused without one good `Host`, with a URL longer than `limits.urlLength`, and with as many headers as the
 * server keeps: its `maxHeadersCount`, by default 1000. Node before 22.23.2, 24.18.1 and 26.5.1 (CVE-2026-58044) leaves out what
 * comes after them, such as an address that a proxy has added behind what its client had made up.
 */
export function serveSockets<TUser extends AuthUser>(
  server: Server,
  options: SocketServerOptions<TUser>,
): SocketServer {
  return new UpgradeListener(server, options);
}

class UpgradeListener<TUser extends AuthUser> implements SocketServer {
  private readonly options;
  private readonly faces: readonly SocketFace[];
  private readonly protocol;
  private readonly open = new Map<WebSocket, OpenSocket>();
  /** Requests that are being looked at. */
  private opening = 0;
  private closed: Promise<void> | undefined;
  private onEmpty = (): void => {};

  constructor(
    private readonly server: Server,
    options: SocketServerOptions<TUser>,
  ) {
    this.options = completeOptions(options);
    this.faces = [graphqlFace(this.options), trpcFace(this.options)].filter((face) => face !== undefined);
    this.protocol = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: this.options.limits.messageSize,
      // Costs memory for each socket, and lets a client guess at secrets by lengths (RFC 7692, section 8).
      perMessageDeflate: false,
      handleProtocols: (offered, request) => this.faceOf(request)?.subprotocol(offered) ?? false,
    });
    // A handshake that is none; its own answer would be HTML.
    this.protocol.on("wsClientError", (_error, socket, request) => {
      const malformed = new UpgradeError("BAD_REQUEST", "The WebSocket handshake is malformed");
      void this.refuse(socket, this.options.requestInfo(request), malformed, this.faceOf(request)?.isTrpc ?? false);
    });
    server.on("upgrade", (request, socket: Duplex, head: Buffer) => void this.upgrade(request, socket, head));
  }

  get size(): number {
    return this.open.size;
  }

  close(): Promise<void> {
    this.closed ??= new Promise((resolve) => {
      this.onEmpty = () => {
        if (this.open.size === 0 && this.opening === 0) resolve();
      };
      for (const socket of this.open.values()) socket.close(GOING_AWAY);
      this.onEmpty();
    });
    return this.closed;
  }

  /** Never rejects: whatever is wrong with the request is answered. */
  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const face = this.faceOf(request);
    if (!face && this.server.listenerCount("upgrade") > 1) return;
    if (!face || !isForWebSocket(request)) return answerAsRequest(this.server, request, socket);
    const { urlLength } = this.options.limits;
    const problem = headProblem(request, { urlLength, headerCount: mostHeaders(this.server) });
    // What a proxy said of it may be missing: it is of nobody but the connection, until more is known.
    let info = requestInfo(request);
    if (problem) return this.refuse(socket, info, problem, face.isTrpc);
    this.opening += 1;
    try {
      info = { isSecure: isOverTls(request), ...this.options.requestInfo(request) };
      this.assertMayOpen(info);
      const context = await this.options.auth.context({ ...info, isOwnOrigin: true });
      if (this.closed) throw new ServiceUnavailableError();
      this.protocol.handleUpgrade(request, socket, head, (opened) => this.serve(face, opened, request, info, context));
    } catch (error) {
      await this.refuse(socket, info, error, face.isTrpc);
    } finally {
      this.opening -= 1;
      this.onEmpty();
    }
  }

  private faceOf(request: IncomingMessage): SocketFace | undefined {
    const [path = ""] = (request.url ?? "").split("?");
    return this.faces.find((face) => face.path === path.replace(/(?<=.)\/$/, ""));
  }

  private assertMayOpen(info: RequestInfo): void {
    const { auth, isAllowedOrigin: isOurs, limits } = this.options;
    if (this.closed || this.open.size + this.opening > limits.sockets) throw new ServiceUnavailableError();
    // Without cookies a page of another origin has nothing to open a socket with but what it was given.
    if (auth.settings.cookies && !isAllowedOrigin(info, isOurs)) {
      throw new UpgradeError("FORBIDDEN", "Pages of this origin may not open a WebSocket here");
    }
  }

  private serve(
    face: SocketFace,
    socket: WebSocket,
    request: IncomingMessage,
    info: RequestInfo,
    context: AuthContext,
  ): void {
    const { limits, setTimer, logger } = this.options;
    const began = performance.now();
    const open = new OpenSocket(socket, limits, setTimer);
    this.open.set(socket, open);
    socket.once("close", (code) => {
      this.open.delete(socket);
      logger.info(
        { reqId: info.id ?? null, route: face.path, code, ms: Math.round(performance.now() - began) },
        "socket",
      );
      this.onEmpty();
    });
    open.expectInit(INIT_TIMEOUT);
    face.serve({ socket, open, request, context });
  }

  private async refuse(socket: Duplex, info: RequestInfo, error: unknown, trpc: boolean): Promise<void> {
    const { auth, logger, answerHeaders, onServerError } = this.options;
    const answer = await auth.errorResponse({ request: info, error, trpc, onServerError });
    logUpgradeRefusal(logger, info, error, answer.status);
    refuseUpgrade(socket, answer, answerHeaders(info));
  }
}

/** How many headers of a request Node keeps where nobody says. */
const KEPT_BY_DEFAULT = 1000;

/** Most headers of a request of which none is missing for certain: with as many as it keeps, Node may have left some out. */
function mostHeaders({ maxHeadersCount }: Server): number {
  const kept = maxHeadersCount ?? KEPT_BY_DEFAULT;
  return kept > 0 ? kept - 1 : Infinity;
}

/** Whether TLS ends here, and not at a proxy. */
function isOverTls({ socket }: IncomingMessage): boolean {
  return "encrypted" in socket;
}

function isForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

function logUpgradeRefusal(
  logger: Logger,
  { id = null }: { id?: string | null | undefined },
  error: unknown,
  status: number,
): void {
  logger.info({ reqId: id, code: error instanceof AuthError ? error.code : null, status }, "a socket was refused");
}
