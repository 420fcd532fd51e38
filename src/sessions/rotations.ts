import { LOOKUP_LIMITS } from "../database/batch-lookup.js";
import { Batches } from "../database/batches.js";
import { byteText } from "../database/byte-text.js";
import type { Change, EntityTable } from "../database/entity-table.js";
import { withDatabase } from "../database/retry.js";
import type { RowsChange } from "../database/rows-change.js";
import type { RefreshToken } from "./refresh-token.js";
import type { RotatedSession } from "./refresh-token-repository.js";
import { rowsByHash } from "./rows-by-hash.js";
import { columnsOf, columnsOfAll, type SessionUse } from "./session-use.js";

/** One rotation. */
export interface Rotation extends SessionUse {
  readonly session: RotatedSession;
}

interface Waiting {
  readonly rotation: Rotation;
  readonly resolve: (won: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Rotates sessions. Those that are asked for in one turn of the event loop share one UPDATE, which changes nothing if one
 * of them cannot win. That one is then told, the others share a second UPDATE, and who has not won by then goes on alone, in
 * the UPDATE that has one winner among any number of servers.
 */
export class Rotations {
  /** As many as are looked up together: those that come in together then go on together. */
  private readonly batches = new Batches<Waiting>((waiting) => this.answer(waiting), LOOKUP_LIMITS);

  constructor(private readonly table: EntityTable<RefreshToken>) {}

  /** True for exactly one of any number of callers that name the same generation of a session. */
  rotate(rotation: Rotation): Promise<boolean> {
    if (!this.table.sharesStatements) return this.rotateAlone(rotation);
    return new Promise((resolve, reject) => this.batches.add({ rotation, resolve, reject }));
  }

  /** Never rejects: what goes wrong goes to those who wait. */
  private async answer(waiting: readonly Waiting[]): Promise<void> {
    const { together, others } = sortOut(waiting);
    try {
      const left = await this.rotateTogether(together, { again: true });
      await this.rotateEachAlone([...left, ...others]);
    } catch (error) {
      for (const { reject } of waiting) reject(error); // Those who have been answered stay so.
    }
  }

  private async rotateEachAlone(waiting: readonly Waiting[]): Promise<void> {
    await Promise.all(waiting.map(({ rotation, resolve, reject }) => this.rotateAlone(rotation).then(resolve, reject)));
  }

  /**
   * Answers those of whom it is known whether they have won, and returns the others. Sent again neither where it may have
   * been applied, nor where the database refused it: then each is tried alone, so that one row that somebody holds does not
   * keep the others waiting a second time.
   */
  private async rotateTogether(batch: readonly Waiting[], { again }: { again: boolean }): Promise<readonly Waiting[]> {
    if (batch.length < 2) return batch;
    const change = changeOfAll(batch.map(({ rotation }) => rotation));
    const outcome = await withDatabase(() => this.table.updateRows(change));
    if (outcome === "refused") return batch;
    if (outcome === batch.length) return told(batch, () => true);
    const hashes = batch.map(({ rotation }) => rotation.session.hash);
    const rows = await rowsByHash(this.table, hashes);
    // All that were there have won. Whoever is not there now was deleted, and has no session any more.
    if (outcome !== "unfit") return told(batch, (one) => rows.has(keyOf(one)));
    // A generation never comes back, and a session that was revoked stays so: who cannot win now never will.
    const canWin = (one: Waiting) => isFit(rows.get(keyOf(one)), one.rotation);
    const lost = batch.filter((one) => !canWin(one));
    told(lost, () => false);
    const others = batch.filter(canWin);
    return again ? this.rotateTogether(others, { again: false }) : others;
  }

  private async rotateAlone(rotation: Rotation): Promise<boolean> {
    // Never sent again after a lost connection: it may have been applied, and the second one would then report a loser
    // where there was a winner. The client's own retry lands in the grace period and gets the same successor.
    const changed = await withDatabase(() => this.table.update(changeOf(rotation)));
    return changed === 1;
  }
}

/** Tells all of them. @returns nobody: none is left */
function told(waiting: readonly Waiting[], won: (one: Waiting) => boolean): readonly Waiting[] {
  for (const one of waiting) one.resolve(won(one));
  return [];
}

function keyOf({ rotation }: Waiting): string {
  return byteText(rotation.session.hash);
}

function isFit(row: RefreshToken | undefined, { session }: Rotation): boolean {
  return row?.generation === session.generation && row.revoked === null;
}

function changeOf(rotation: Rotation): Change<RefreshToken> {
  const { hash, generation } = rotation.session;
  return { increment: "generation", set: columnsOf(rotation, setTimes), where: { hash, generation, revoked: null } };
}

function changeOfAll(rotations: readonly Rotation[]): RowsChange<RefreshToken> {
  const { shared, ownOf } = columnsOfAll(rotations, setTimes);
  const rows = rotations.map((rotation) => {
    const { hash, generation } = rotation.session;
    return { where: { hash, generation }, set: ownOf(rotation) };
  });
  return { key: "hash", increment: "generation", set: shared, nulls: ["revoked"], rows };
}

function setTimes(columns: Partial<RefreshToken>, at: Date): void {
  columns.rotated = at;
  columns.lastUsed = at;
}

/** A session can only be in one UPDATE once. In the order of the hashes, two servers wait for each other but never in a circle. */
function sortOut(waiting: readonly Waiting[]): { together: Waiting[]; others: Waiting[] } {
  const byHash = new Map<string, Waiting>();
  const others: Waiting[] = [];
  for (const one of waiting) {
    if (byHash.has(keyOf(one))) others.push(one);
    else byHash.set(keyOf(one), one);
  }
  const sorted = [...byHash].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { together: sorted.map(([, one]) => one), others };
}
