/** What WebSockets may take. */
export interface SocketLimits {
  /** Longest URL, bytes: as that of a request. */
  readonly urlLength: number;
  /** Largest message from a client, bytes: as the body of a request. */
  readonly messageSize: number;
  /** Most sockets at the same time. */
  readonly sockets: number;
  /** How long a client may take to say who it is, milliseconds. */
  readonly initTime: number;
  /** How often a client is pinged, milliseconds; one that has not answered by the next time is cut off. */
  readonly pingInterval: number;
  /** Most bytes that wait for a slow client when it asks for more, or is pinged; with more it is cut off. */
  readonly buffered: number;
  /** How long clients may take to close their side once the server stops, milliseconds. */
  readonly closeTime: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  urlLength: 8192,
  messageSize: 64 * 1024,
  sockets: 10_000,
  initTime: 10_000,
  pingInterval: 25_000,
  buffered: 1024 * 1024,
  closeTime: 2_000,
};

/** Most calls of tRPC in one frame, as in one batch over HTTP. */
export const MAX_CALLS_IN_FRAME = 50;
