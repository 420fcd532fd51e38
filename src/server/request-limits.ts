/** What one request, and the connection it comes over, may take. */
export interface RequestLimits {
  /** Largest request body, bytes. */
  readonly bodySize: number;
  /** Largest head of a request, its URL and all its headers, bytes. */
  readonly headSize: number;
  /** Most headers of a request. */
  readonly headerCount: number;
  /** Longest URL, bytes; less than `headSize`. */
  readonly urlLength: number;
  /** How long a client may take to send its request, milliseconds. */
  readonly arrivalTime: number;
  /** How long the server may take to answer, from the headers on, milliseconds; more than `arrivalTime`. */
  readonly answerTime: number;
  /** How long a connection may stand still while a client reads its answer, milliseconds; more than `answerTime`. */
  readonly stallTime: number;
  /** How long a connection is kept open for the next request, milliseconds. */
  readonly keepAliveTime: number;
  /** Most requests that a client may send over a connection before it has their answers. */
  readonly pipelineLength: number;
}

export const REQUEST_LIMITS: RequestLimits = {
  bodySize: 64 * 1024,
  headSize: 16 * 1024, // Room for a token of 8,192 characters twice: in a header, and in a cookie.
  headerCount: 100, // Browsers send about 20, and each proxy a few more.
  urlLength: 8192, // RFC 9110, section 4.1, asks for 8,000 at the least.
  arrivalTime: 15_000,
  answerTime: 20_000,
  stallTime: 30_000,
  pipelineLength: 16,
  keepAliveTime: 72_000, // Longer than the 60 seconds of usual proxies: one that reuses a connection must not find it cut.
};
