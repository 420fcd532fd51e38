import { LOOKUP_LIMITS } from "../database/batch-lookup.js";
import { Batches } from "../database/batches.js";
import type { EntityTable } from "../database/entity-table.js";
import { withDatabase } from "../database/retry.js";
import type { RowsChange } from "../database/rows-change.js";
import type { RefreshToken } from "./refresh-token.js";
import type { UsedSession } from "./refresh-token-repository.js";
import { columnsOf, columnsOfAll, type SessionUse } from "./session-use.js";

/** The use of a session that goes on as it is. */
export interface Touch extends SessionUse {
  readonly session: UsedSession;
}

interface Waiting {
  readonly touch: Touch;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Notes that sessions were used. Those of one turn of the event loop share one UPDATE; where the database refuses that, as it
 * does if somebody holds a row for too long, each goes on alone.
 *
 * Each is sent again after a lost connection too: the same values are written again.
 */
export class Touches {
  /** As many as are looked up together: those that come in together then go on together. */
  private readonly batches = new Batches<Waiting>((waiting) => this.answer(waiting), LOOKUP_LIMITS);

  constructor(private readonly table: EntityTable<RefreshToken>) {}

  /** Nothing happens to a revoked session. */
  touch(touch: Touch): Promise<void> {
    if (!this.table.sharesStatements) return this.touchAlone(touch);
    return new Promise((resolve, reject) => this.batches.add({ touch, resolve, reject }));
  }

  /** Never rejects: what goes wrong goes to those who wait. */
  private async answer(waiting: readonly Waiting[]): Promise<void> {
    try {
      const isDone = await this.touchTogether(latestOfEach(waiting));
      if (isDone) waiting.forEach(({ resolve }) => resolve());
      else await this.touchEachAlone(waiting);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  private async touchEachAlone(waiting: readonly Waiting[]): Promise<void> {
    await Promise.all(waiting.map(({ touch, resolve, reject }) => this.touchAlone(touch).then(resolve, reject)));
  }

  private async touchAlone(touch: Touch): Promise<void> {
    const change = { set: columnsOf(touch, setTimes), where: { id: touch.session.id, revoked: null } };
    await withDatabase(() => this.table.update(change), { mayRunTwice: true });
  }

  /** @returns false if the database refused it, or nothing would be shared */
  private async touchTogether(touches: readonly Touch[]): Promise<boolean> {
    if (touches.length < 2) return false;
    const { shared, ownOf } = columnsOfAll(touches, setTimes);
    const rows = touches.map((touch) => ({ where: { id: touch.session.id }, set: ownOf(touch) }));
    const change: RowsChange<RefreshToken> = { key: "id", set: shared, nulls: ["revoked"], rows };
    const outcome = await withDatabase(() => this.table.updateRows(change), { mayRunTwice: true });
    return outcome !== "refused";
  }
}

function setTimes(columns: Partial<RefreshToken>, at: Date): void {
  columns.lastUsed = at;
}

/** A session can only be in one UPDATE once. In the order of the ids, two servers wait for each other but never in a circle. */
function latestOfEach(waiting: readonly Waiting[]): Touch[] {
  const byId = new Map(waiting.map(({ touch }) => [touch.session.id, touch]));
  return [...byId.values()].toSorted((one, other) => (one.session.id < other.session.id ? -1 : 1));
}
