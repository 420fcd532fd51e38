import { connect } from "node:net";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; of several of a name, the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends bytes as they are, for what no HTTP client would send, and reads what comes back.
 *
 * @param bytes one character a byte
 * @param count answers to wait for; fewer come back if the server closes the connection before
 */
export async function sendRaw(url: string, bytes: string, count = 1): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  const answers: RawAnswer[] = [];
  let received = "";
  try {
    socket.write(bytes, "latin1");
    for await (const text of socket) {
      received += text as string;
      for (let next = firstAnswer(received, bytes); next; next = firstAnswer(received, bytes)) {
        received = received.slice(next.length);
        if (next.answer.status >= 200) answers.push(next.answer);
      }
      if (answers.length >= count) break;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ECONNRESET" && code !== "EPIPE") throw error; // The server need not read all that it refuses.
  } finally {
    socket.destroy();
  }
  return answers;
}

/** A request with a body, in bytes: the text as UTF-8 unless it is one character a byte already. */
export function postRequest(path: string, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const bytes = /^[\0-\xff]*$/.test(body) ? body : Buffer.from(body).toString("latin1");
  return request(
    "POST",
    path,
    { "Content-Type": "application/json", ...headers, "Content-Length": `${bytes.length}` },
    bytes,
  );
}

/** A GraphQL request, as clients send it. */
export function graphqlRequest(query: string, variables?: unknown): string {
  return postRequest("/graphql", JSON.stringify({ query, variables }));
}

/** A request line, a `Host`, these headers, and what follows them. */
export function request(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): string {
  const lines = Object.entries({ Host: "janus.test", ...headers }).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, "", body].join("\r\n");
}

/** The first whole answer to `sent` in the text, and how long it is; null while there is none. */
export function firstAnswer(text: string, sent: string): { answer: RawAnswer; length: number } | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const bodiless = status < 200 || status === 204 || sent.startsWith("HEAD ");
  const body = bodiless ? { text: "", length: 0 } : readBody(text.slice(end + 4), headers);
  if (!body) return null;
  const utf8 = Buffer.from(body.text, "latin1").toString();
  return { answer: { status, headers, body: utf8 }, length: end + 4 + body.length };
}

function readBody(text: string, headers: Readonly<Record<string, string>>): { text: string; length: number } | null {
  if (headers["transfer-encoding"] === "chunked") return readChunks(text);
  // What Node refuses by itself has neither a body nor its length.
  if (headers["content-length"] === undefined && headers["connection"] === "close") return { text: "", length: 0 };
  const length = Number(headers["content-length"]);
  if (Number.isNaN(length)) throw new Error(`an answer without a length: ${JSON.stringify(headers)}`);
  return text.length < length ? null : { text: text.slice(0, length), length };
}

function readChunks(text: string): { text: string; length: number } | null {
  let body = "";
  for (let start = 0; ;) {
    const lineEnd = text.indexOf("\r\n", start);
    const size = Number.parseInt(text.slice(start, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (lineEnd < 0 || text.length < end) return null;
    if (size === 0) return { text: body, length: end };
    body += text.slice(lineEnd + 2, end - 2);
    start = end;
  }
}
