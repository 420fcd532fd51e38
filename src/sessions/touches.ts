import { Batches, type BatchLimits } from "../database/batches.js";
import type { EntityTable } from "../database/entity-table.js";
import { withDatabase } from "../database/retry.js";
import type { RefreshToken } from "./refresh-token.js";
import type { UsedSession } from "./refresh-token-repository.js";
import { columnsOf, columnsOfAll, type SessionUse } from "./session-use.js";

/** The use of a session that goes on as it is. */
export interface Touch extends SessionUse {
  readonly session: UsedSession;
}

/** As many as are looked up together: those that come in together then go on together. */
const LIMITS: BatchLimits = { size: 64, running: 4 };

interface Waiting {
  readonly touch: Touch;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Notes that sessions were used. Those of one turn of the event loop share one UPDATE. */
export class Touches {
  private readonly batches = new Batches<Waiting>((waiting) => this.answer(waiting), LIMITS);

  constructor(private readonly table: EntityTable<RefreshToken>) {}

  /** Nothing happens to a revoked session. */
  touch(touch: Touch): Promise<void> {
    if (!this.table.sharesStatements) return this.write([touch]);
    return new Promise((resolve, reject) => this.batches.add({ touch, resolve, reject }));
  }

  /** Never rejects: what goes wrong goes to those who wait. */
  private async answer(waiting: readonly Waiting[]): Promise<void> {
    try {
      await this.write(latestOfEach(waiting));
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  /** Sent again after a lost connection too: the same values are written again. */
  private async write(touches: readonly Touch[]): Promise<void> {
    const [first, ...others] = touches;
    if (!first) return;
    const statement = others.length === 0 ? () => this.writeOne(first) : () => this.writeAll(touches);
    await withDatabase(statement, { mayRunTwice: true });
  }

  private writeOne(touch: Touch): Promise<unknown> {
    return this.table.update({ set: columnsOf(touch, setTimes), where: { id: touch.session.id, revoked: null } });
  }

  private writeAll(touches: readonly Touch[]): Promise<unknown> {
    const { shared, own } = columnsOfAll(touches, setTimes);
    const rows = touches.map(({ session: { id } }, index) => ({ where: { id }, set: own[index] ?? {} }));
    return this.table.updateRows({ key: "id", set: shared, nulls: ["revoked"], rows });
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
