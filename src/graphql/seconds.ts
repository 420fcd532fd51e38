/** The latest second that GraphQL's 32-bit `Int` can tell. */
const LATEST_INT = 2 ** 31 - 1;

/** Unix seconds as a GraphQL `Int`. What happens or ends after January 2038 must not fail for that. */
export function asInt(seconds: number): number {
  return Math.min(Math.floor(seconds), LATEST_INT);
}
