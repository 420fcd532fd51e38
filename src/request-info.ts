/** What Janus looks at of an HTTP request. Node's `http.IncomingMessage` fits, and so do the requests of Express and Fastify. */
export interface RequestInfo {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Header names in lower case, as Node's HTTP server gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The request's id in the log. */
  readonly id?: string | undefined;
  /** The client's address, for the list of sessions and for events. Behind a proxy only the application knows it. */
  readonly address?: string | undefined;
  /** Whether it is known to have come over TLS: to the server itself, or to a proxy that is believed. */
  readonly isSecure?: boolean | undefined;
  /** Of a WebSocket: whether it is of a page of ours, or of no page, as its `Origin` says. */
  readonly isOwnOrigin?: boolean | undefined;
  /** Where the address is taken from if `address` does not say. */
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined;
}

/** The value of a header that may stand once: of several, the first. */
export function headerValue(request: RequestInfo, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** The client's address, if it is known. */
export function clientAddress({ address, socket }: RequestInfo): string | undefined {
  return address ?? socket?.remoteAddress;
}
