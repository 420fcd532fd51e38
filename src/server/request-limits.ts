/** What one request may take. */
export interface RequestLimits {
  /** Largest request body, bytes. */
  readonly bodySize: number;
  /** How long a client may take to send its request, milliseconds. */
  readonly arrivalTime: number;
  /** How long the server may take to answer, from the headers on, milliseconds; more than `arrivalTime`. */
  readonly answerTime: number;
}

export const REQUEST_LIMITS: RequestLimits = { bodySize: 64 * 1024, arrivalTime: 15_000, answerTime: 20_000 };
