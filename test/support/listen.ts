import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of the test's own that listens on a free port. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Lets a server listen on 127.0.0.1. */
export async function listen(server: Server): Promise<Listening> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

/** Lets a listener of the test's own answer for as long as `use` takes. */
export async function withListener<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = await listen(createServer(listener));
  try {
    return await use(server.url);
  } finally {
    await server.close();
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server.close(), "close");
  server.closeAllConnections();
  await closed;
}
