import type { RefreshToken } from "./refresh-token.js";
import type { SessionClient } from "./refresh-token-repository.js";

/** That a session was used. */
export interface SessionUse {
  /** What is known of the client that used it last. */
  readonly session: Partial<SessionClient>;
  readonly at: Date;
  /** As the columns take it. */
  readonly client: SessionClient;
}

/** Sets the columns that say when. */
type SetTimes = (columns: Partial<RefreshToken>, at: Date) => void;

/** What is written of the use of a session. */
export function columnsOf(use: SessionUse, setTimes: SetTimes): Partial<RefreshToken> {
  const columns: Partial<RefreshToken> = {};
  setTimes(columns, use.at);
  if (hasMoved(use)) setClient(columns, use);
  return columns;
}

/**
 * What is written of the use of several sessions: what is the same for all once, since requests of one turn of the event
 * loop are mostly of one millisecond, and what each of them has of its own.
 */
export function columnsOfAll(
  uses: readonly SessionUse[],
  setTimes: SetTimes,
): { shared: Partial<RefreshToken>; ownOf: (use: SessionUse) => Partial<RefreshToken> } {
  const [first] = uses;
  const shared: Partial<RefreshToken> = {};
  const isOneMoment = uses.every(({ at }) => at.getTime() === first?.at.getTime());
  if (first && isOneMoment) setTimes(shared, first.at);
  const haveMoved = uses.some(hasMoved);
  const ownOf = (use: SessionUse) => {
    const columns: Partial<RefreshToken> = {};
    if (!isOneMoment) setTimes(columns, use.at);
    if (haveMoved) setClient(columns, use);
    return columns;
  };
  return { shared, ownOf };
}

/** Whether the client is not known to be the one that is in the row. Most come from where they came before. */
function hasMoved({ session, client }: SessionUse): boolean {
  return session.userAgent !== client.userAgent || session.address !== client.address;
}

/** Both columns or none: the server keeps a text for each choice of columns. */
function setClient(columns: Partial<RefreshToken>, { client }: SessionUse): void {
  columns.userAgent = client.userAgent;
  columns.address = client.address;
}
