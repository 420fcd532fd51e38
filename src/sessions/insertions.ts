import { Batches, type BatchLimits } from "../database/batches.js";
import { DatabaseError } from "../database/database-error.js";
import type { EntityTable } from "../database/entity-table.js";
import { withDatabase } from "../database/retry.js";

const LIMITS: BatchLimits = { size: 16, running: 4 };

interface Waiting<Row> {
  readonly row: Partial<Row>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Adds rows of the same properties. Those that are asked for in one turn of the event loop share few INSERTs: passwords come
 * out of the hashing in batches, and so do logins. An INSERT adds all of its rows or none, so that nobody is told before
 * his row is certain to be there.
 */
export class Insertions<Row extends object> {
  private readonly batches = new Batches<Waiting<Row>>((waiting) => this.answer(waiting), LIMITS);

  constructor(private readonly table: EntityTable<Row>) {}

  /** Never sent again where it is not known whether the row was added. */
  insert(row: Partial<Row>): Promise<void> {
    if (!this.table.sharesStatements) return insertInto(this.table, [row]);
    return new Promise((resolve, reject) => this.batches.add({ row, resolve, reject }));
  }

  /** Never rejects: what goes wrong goes to those who wait. */
  private async answer(waiting: readonly Waiting<Row>[]): Promise<void> {
    await Promise.all(inPowersOfTwo(waiting).map((part) => this.insertTogether(part)));
  }

  private async insertTogether(waiting: readonly Waiting<Row>[]): Promise<void> {
    try {
      await insertInto(
        this.table,
        waiting.map(({ row }) => row),
      );
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      // What the database does not take is the fault of one row, and nothing was added: the others are not refused for it.
      if (waiting.length > 1 && error instanceof DatabaseError)
        await Promise.all(waiting.map((one) => this.insertTogether([one])));
      else for (const { reject } of waiting) reject(error);
    }
  }
}

function insertInto<Row extends object>(table: EntityTable<Row>, rows: readonly Partial<Row>[]): Promise<void> {
  return withDatabase(() => table.insert(...rows));
}

/** Parts of few sizes, as a server keeps a statement prepared for each of them. */
function inPowersOfTwo<Item>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  for (let start = 0, size = LIMITS.size; start < items.length;) {
    while (size > items.length - start) size /= 2;
    parts.push(items.slice(start, start + size));
    start += size;
  }
  return parts;
}
