/** An HTTP answer as far as it is checked. */
export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const HEAD_END = "\r\n\r\n";
const STATUS = /^HTTP\/1\.1 (\d{3})/;
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;

/**
 * Puts the answers of one connection together (RFC 9112). A client of its own, because Node's costs several times what a
 * fast server takes to answer, and the load must not be what is measured. Bytes are read as latin1, one character each.
 */
export class ResponseReader {
  #received = "";

  /** Takes what has arrived; answers with the whole answer once it is there, and null before. */
  read(received: Buffer): Answer | null {
    this.#received += received.toString("latin1");
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return null;
    const head = this.#received.slice(0, headEnd);
    const start = headEnd + HEAD_END.length;
    const content = CHUNKED.test(head) ? readChunks(this.#received, start) : this.#readLength(head, start);
    if (content === null) return null;
    this.#received = this.#received.slice(content.end);
    return { status: Number(STATUS.exec(head)?.[1]), head, body: content.body };
  }

  #readLength(head: string, start: number): Content | null {
    const end = start + Number(LENGTH.exec(head)?.[1] ?? 0);
    return this.#received.length < end ? null : { body: this.#received.slice(start, end), end };
  }
}

interface Content {
  readonly body: string;
  /** Where the next answer begins. */
  readonly end: number;
}

/** RFC 9112, section 7.1; null if the last chunk has not arrived. Trailers are not expected. */
function readChunks(received: string, start: number): Content | null {
  let body = "";
  for (let at = start; ;) {
    const lineEnd = received.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(received.slice(at, lineEnd), 16);
    const chunk = lineEnd + 2;
    const end = chunk + size + 2;
    if (received.length < end) return null;
    if (size === 0) return { body, end };
    body += received.slice(chunk, chunk + size);
    at = end;
  }
}
