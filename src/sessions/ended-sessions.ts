import {
  type FindOptionsWhere,
  In,
  IsNull,
  LessThan,
  MoreThan,
  And,
  Not,
  type FindOperator,
  type Repository,
} from "typeorm";

import { withDatabase } from "../database/retry.js";
import type { RefreshToken } from "./refresh-token.js";
import type { EndedBatch, EndedPosition, EndedSessions } from "./refresh-token-repository.js";

type Where = FindOptionsWhere<RefreshToken>;

/** A walk along one index, over the sessions that may be over. */
interface Walk {
  /** The column of the index. */
  readonly by: "revoked" | "created";
  /** The sessions that it looks at have a value before this one; null for any value. */
  readonly before: Date | null;
  /** Which of them are over. */
  readonly reasons: readonly Where[];
}

/**
 * Deletes the sessions that are over, a few at a time. Each walk goes along an index and never back: what it has passed,
 * deleted or not, costs the next batch nothing. `rotated` has no index, since every rotation would have to keep it up to
 * date: the sessions to look at are those that are old enough to be that stale.
 */
export class EndedSessionRows {
  constructor(private readonly rows: Repository<RefreshToken>) {}

  async delete(ended: EndedSessions, limit: number, after?: EndedPosition): Promise<EndedBatch> {
    const walks = walksFor(ended);
    const start = after ?? { walk: 0, last: null };
    const walk = walks[start.walk];
    if (walk === undefined) return { deleted: 0, next: null };
    if (limit <= 0) return { deleted: 0, next: start };
    const passed = await this.look(walk, start.last, limit);
    const following = start.walk + 1 < walks.length ? { walk: start.walk + 1, last: null } : null;
    if (passed.length === 0 && following) return this.delete(ended, limit, following);
    const ids = passed.map(({ id }) => id);
    const deleted = await this.deleteIds(ids, walk);
    const last = passed.length < limit ? undefined : passed.at(-1);
    return {
      deleted,
      next: last ? { walk: start.walk, last: placeOf(last, walk, start.last, deleted) } : following,
    };
  }

  /** Each walk counts by its own index; no session is counted by both. */
  async count(ended: EndedSessions): Promise<number> {
    const counts = walksFor(ended).map(({ by, reasons }) => {
      const where = by === "revoked" ? [...reasons] : reasons.map((reason) => ({ ...reason, revoked: IsNull() }));
      return withDatabase(() => this.rows.countBy(where), { mayRunTwice: true });
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  /** The next sessions along the walk, whether they are over or not: those that are not must not make a batch long. */
  private look({ by, before }: Walk, last: EndedPosition["last"], limit: number): Promise<RefreshToken[]> {
    const within = (...bounds: FindOperator<Date>[]) => {
      const all = [...bounds, ...(before === null ? [] : [LessThan(before)])];
      return all.length > 0 ? And(...all) : Not(IsNull());
    };
    const where: Where[] =
      last === null
        ? [{ [by]: within() }]
        : [{ [by]: within(MoreThan(last.at)) }, { [by]: last.at, id: MoreThan(last.id) }];
    const find = () =>
      this.rows.find({
        select: { id: true, [by]: true },
        where,
        order: { [by]: "ASC", id: "ASC" },
        take: limit,
        loadEagerRelations: false,
      });
    return withDatabase(find, { mayRunTwice: true });
  }

  /** The reason is asked for here, and so at the moment of the deletion: a session may be rotated at any time. */
  private async deleteIds(ids: readonly string[], { reasons }: Walk): Promise<number> {
    if (ids.length === 0) return 0;
    const erase = () =>
      this.rows
        .createQueryBuilder()
        .delete()
        .where(reasons.map((reason) => ({ ...reason, id: In(ids) })))
        .execute();
    // Not sent again after a lost connection: the second one would not count what the first one deleted.
    const { affected } = await withDatabase(erase);
    return affected ?? 0;
  }
}

function walksFor({ lastRotatedBefore, createdBefore }: EndedSessions): Walk[] {
  const revoked: Walk = { by: "revoked", before: null, reasons: [{ revoked: Not(IsNull()) }] };
  const reasons = [
    ...(createdBefore ? [{ created: LessThan(createdBefore) }] : []),
    ...(lastRotatedBefore ? [{ created: LessThan(lastRotatedBefore), rotated: LessThan(lastRotatedBefore) }] : []),
  ];
  const latest = [createdBefore, lastRotatedBefore].reduce((one, other) =>
    one && other && one > other ? one : (other ?? one),
  );
  return latest ? [revoked, { by: "created", before: latest, reasons }] : [revoked];
}

/**
 * Where a batch ended. Dates have milliseconds here and microseconds in the database: if a whole batch of rows that
 * somebody else wrote lies in one millisecond and stays, the walk goes on with the next millisecond.
 */
function placeOf(
  row: RefreshToken,
  { by }: Walk,
  before: EndedPosition["last"],
  deleted: number,
): EndedPosition["last"] {
  const at = row[by] ?? new Date(0);
  const isStuck = deleted === 0 && before?.at.getTime() === at.getTime();
  return isStuck ? { at: new Date(at.getTime() + 1), id: "" } : { at, id: row.id };
}
