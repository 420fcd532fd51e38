import { type DataSource, type FindOptionsWhere, In, IsNull, LessThan, Not, type Repository } from "typeorm";

import { BatchLookup } from "../database/batch-lookup.js";
import { EntityTable } from "../database/entity-table.js";
import { withDatabase } from "../database/retry.js";
import { uuidV7 } from "../database/uuid-v7.js";
import { cutToCodePoints } from "./client-text.js";
import { RefreshToken } from "./refresh-token.js";
import type { EndedSessions, NewSession, RefreshTokenRepository, SessionClient } from "./refresh-token-repository.js";
import { Rotations } from "./rotations.js";

/** Characters, the widths of the columns. */
const USER_AGENT_LENGTH = 255;
const ADDRESS_LENGTH = 64;

/** Rows in one DELETE: few enough to hold no lock for long. */
const DELETE_BATCH = 500;

/** Why a session is over. */
type Reason = FindOptionsWhere<RefreshToken>;

/**
 * Sessions in MySQL, MariaDB or SQLite. Every write is one autocommit statement: on a cluster nothing is known to have
 * happened before the acknowledgement of a commit, and with one statement that is the statement's own.
 */
export class TypeOrmRefreshTokens implements RefreshTokenRepository {
  private readonly rows: Repository<RefreshToken>;
  private readonly table: EntityTable<RefreshToken>;
  private readonly rotations: Rotations;
  private readonly byHash = new BatchLookup<RefreshToken>((keys) => this.loadByHash(keys));
  private readonly byId = new BatchLookup<RefreshToken>((keys) => this.loadById(keys));

  /** @param model an entity of the data source, `RefreshToken` or a class that extends it */
  constructor(
    dataSource: DataSource,
    private readonly model: typeof RefreshToken = RefreshToken,
  ) {
    this.rows = dataSource.getRepository(model);
    this.table = new EntityTable(dataSource, model);
    this.rotations = new Rotations(this.table);
  }

  async create(session: NewSession): Promise<RefreshToken> {
    const { hash, user, created } = session;
    const row = {
      id: uuidV7(created),
      hash,
      generation: 0,
      user,
      created,
      rotated: created,
      lastUsed: created,
      revoked: null,
      ...clientColumns(session),
    };
    const entity = this.rows.create(row);
    // A model of one's own may have values that its constructor or a listener sets, which TypeORM knows of.
    const insert = () => (this.model === RefreshToken ? this.table.insert(row) : this.rows.insert(entity));
    // After a lost connection a second INSERT could only meet the first one, so it is not sent again.
    await withDatabase<unknown>(insert);
    return entity;
  }

  findByHash(hash: Buffer): Promise<RefreshToken | null> {
    return this.byHash.find(hash.toString("hex"));
  }

  findById(id: string): Promise<RefreshToken | null> {
    return this.byId.find(id);
  }

  rotate(
    { hash, generation }: { hash: Buffer; generation: number },
    at: Date,
    client: SessionClient,
  ): Promise<boolean> {
    return this.rotations.rotate({
      increment: "generation",
      set: { rotated: at, lastUsed: at, ...clientColumns(client) },
      where: { hash, generation, revoked: null },
    });
  }

  async touch(id: string, at: Date, client: SessionClient): Promise<void> {
    const change = { set: { lastUsed: at, ...clientColumns(client) }, where: { id, revoked: null } };
    await withDatabase(() => this.table.update(change), { mayRunTwice: true }); // the same values are written again
  }

  async revoke(id: string, at: Date, user?: string): Promise<boolean> {
    const change = { set: { revoked: at }, where: { id, revoked: null, ...(user !== undefined && { user }) } };
    // Never sent again after a lost connection, for the reason that `rotate` gives.
    const changed = await withDatabase(() => this.table.update(change));
    return changed === 1;
  }

  async revokeAll(user: string, at: Date, exceptId?: string): Promise<number> {
    const where = { user, revoked: IsNull(), ...(exceptId !== undefined && { id: Not(exceptId) }) };
    // Sent again after a lost connection: those that the first one ended stay ended, and the count is one for people.
    const { affected } = await withDatabase(() => this.rows.update(where, { revoked: at }), { mayRunTwice: true });
    return affected ?? 0;
  }

  async findUnrevoked(user: string, limit: number): Promise<RefreshToken[]> {
    const find = () => this.rows.find({ where: { user, revoked: IsNull() }, order: { lastUsed: "DESC" }, take: limit });
    return withDatabase(find, { mayRunTwice: true });
  }

  async deleteEnded(ended: EndedSessions, limit: number): Promise<number> {
    let deleted = 0;
    for (const reason of reasonsToEnd(ended)) {
      let ids: string[];
      do {
        ids = await this.findIds(reason, Math.min(limit - deleted, DELETE_BATCH));
        deleted += await this.deleteIds(ids, reason);
      } while (ids.length === DELETE_BATCH);
    }
    return deleted;
  }

  async countEnded(ended: EndedSessions): Promise<number> {
    return withDatabase(() => this.rows.countBy(reasonsToEnd(ended)), { mayRunTwice: true });
  }

  private async loadByHash(hashes: string[]): Promise<ReadonlyMap<string, RefreshToken>> {
    const keys = hashes.map((hash) => Buffer.from(hash, "hex"));
    const rows = await withDatabase(() => this.table.findBy("hash", keys), { mayRunTwice: true });
    return new Map(rows.map((row) => [row.hash.toString("hex"), row]));
  }

  /** A collation may ignore case; by its key here an id of ours is the same only if it is the same string. */
  private async loadById(ids: string[]): Promise<ReadonlyMap<string, RefreshToken>> {
    const rows = await withDatabase(() => this.table.findBy("id", ids), { mayRunTwice: true });
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async findIds(where: Reason, limit: number): Promise<string[]> {
    if (limit <= 0) return [];
    const find = () => this.rows.find({ select: { id: true }, where, take: limit });
    const found = await withDatabase(find, { mayRunTwice: true });
    return found.map(({ id }) => id);
  }

  /** The reason is asked for again, because a session may have been rotated since its id was found. */
  private async deleteIds(ids: string[], reason: Reason): Promise<number> {
    if (ids.length === 0) return 0;
    // Not sent again after a lost connection: the second one would not count what the first one deleted.
    const { affected } = await withDatabase(() => this.rows.delete({ ...reason, id: In(ids) }));
    return affected ?? 0;
  }
}

/**
 * Each reason on its own has an index that serves it; joined with OR, none would. `rotated` has none, since every
 * rotation would have to keep it up to date: the sessions to look at are those that are old enough to be that stale.
 */
function reasonsToEnd({ lastRotatedBefore, createdBefore }: EndedSessions): Reason[] {
  const reasons: Reason[] = [{ revoked: Not(IsNull()) }];
  if (lastRotatedBefore) reasons.push({ created: LessThan(lastRotatedBefore), rotated: LessThan(lastRotatedBefore) });
  if (createdBefore) reasons.push({ created: LessThan(createdBefore) });
  return reasons;
}

function clientColumns({ userAgent, address }: SessionClient): SessionClient {
  return {
    userAgent: cutToCodePoints(userAgent, USER_AGENT_LENGTH),
    address: cutToCodePoints(address, ADDRESS_LENGTH),
  };
}
