import { type DataSource, type FindOptionsWhere, IsNull, Not, type Repository } from "typeorm";

import { BatchLookup } from "../database/batch-lookup.js";
import { byteText, textBytes } from "../database/byte-text.js";
import { EntityTable } from "../database/entity-table.js";
import { exactly } from "../database/exactly.js";
import { withDatabase } from "../database/retry.js";
import { uuidV7 } from "../database/uuid-v7.js";
import { cutToCodePoints } from "./client-text.js";
import { EndedSessionRows } from "./ended-sessions.js";
import { Insertions } from "./insertions.js";
import { RefreshToken } from "./refresh-token.js";
import type {
  EndedBatch,
  EndedPosition,
  EndedSessions,
  NewSession,
  RefreshTokenRepository,
  RotatedSession,
  SessionClient,
  UsedSession,
} from "./refresh-token-repository.js";
import { Rotations } from "./rotations.js";
import { rowsByHash } from "./rows-by-hash.js";
import { Touches } from "./touches.js";

/** Characters, the widths of the columns. */
const USER_AGENT_LENGTH = 255;
const ADDRESS_LENGTH = 64;

/**
 * Sessions in MySQL, MariaDB or SQLite. Every write is one autocommit statement: on a cluster nothing is known to have
 * happened before the acknowledgement of a commit, and with one statement that is the statement's own.
 */
export class TypeOrmRefreshTokens implements RefreshTokenRepository {
  private readonly rows: Repository<RefreshToken>;
  private readonly table: EntityTable<RefreshToken>;
  private readonly insertions: Insertions<RefreshToken>;
  private readonly rotations: Rotations;
  private readonly touches: Touches;
  private readonly ended: EndedSessionRows;
  private readonly byHash = new BatchLookup<RefreshToken>((keys) => rowsByHash(this.table, keys.map(textBytes)));
  private readonly byId = new BatchLookup<RefreshToken>((keys) => this.loadById(keys));

  /** @param model an entity of the data source, `RefreshToken` or a class that extends it */
  constructor(
    private readonly dataSource: DataSource,
    private readonly model: typeof RefreshToken = RefreshToken,
  ) {
    this.rows = dataSource.getRepository(model);
    this.table = new EntityTable(dataSource, model);
    this.insertions = new Insertions(this.table);
    this.rotations = new Rotations(this.table);
    this.touches = new Touches(this.table);
    this.ended = new EndedSessionRows(this.rows);
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
    // After a lost connection a second INSERT could only meet the first one, so it is not sent again.
    if (this.model === RefreshToken) await this.insertions.insert(row);
    else await withDatabase(() => this.rows.insert(entity));
    return entity;
  }

  findByHash(hash: Buffer): Promise<RefreshToken | null> {
    return this.byHash.find(byteText(hash));
  }

  findById(id: string): Promise<RefreshToken | null> {
    return this.byId.find(id);
  }

  rotate(session: RotatedSession, at: Date, client: SessionClient): Promise<boolean> {
    return this.rotations.rotate({ session, at, client: clientColumns(client) });
  }

  touch(session: UsedSession, at: Date, client: SessionClient): Promise<void> {
    return this.touches.touch({ session, at, client: clientColumns(client) });
  }

  async revoke(id: string, at: Date, user?: string): Promise<boolean> {
    // Compared here, as in `loadById`. Whose a session is never changes.
    if (user !== undefined && (await this.findById(id))?.user !== user) return false;
    const change = { set: { revoked: at }, where: { id, revoked: null } };
    // Never sent again after a lost connection, for the reason that `rotate` gives.
    const changed = await withDatabase(() => this.table.update(change));
    return changed === 1;
  }

  async revokeAll(user: string, at: Date, exceptId?: string): Promise<number> {
    const where = { ...this.unrevokedOf(user), ...(exceptId !== undefined && { id: Not(exceptId) }) };
    // Sent again after a lost connection: those that the first one ended stay ended, and the count is one for people.
    const { affected } = await withDatabase(() => this.rows.update(where, { revoked: at }), { mayRunTwice: true });
    return affected ?? 0;
  }

  async findUnrevoked(user: string, limit: number): Promise<RefreshToken[]> {
    const where = this.unrevokedOf(user);
    const find = () => this.rows.find({ where, order: { lastUsed: "DESC" }, take: limit });
    return withDatabase(find, { mayRunTwice: true });
  }

  deleteEnded(ended: EndedSessions, limit: number, after?: EndedPosition): Promise<EndedBatch> {
    return this.ended.delete(ended, limit, after);
  }

  countEnded(ended: EndedSessions): Promise<number> {
    return this.ended.count(ended);
  }

  private unrevokedOf(user: string): FindOptionsWhere<RefreshToken> {
    return { user: exactly(this.dataSource, user), revoked: IsNull() };
  }

  /** A collation may ignore case; by its key here an id of ours is the same only if it is the same string. */
  private async loadById(ids: string[]): Promise<ReadonlyMap<string, RefreshToken>> {
    const rows = await withDatabase(() => this.table.findBy("id", ids), { mayRunTwice: true });
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function clientColumns({ userAgent, address }: SessionClient): SessionClient {
  return {
    userAgent: cutToCodePoints(userAgent, USER_AGENT_LENGTH),
    address: cutToCodePoints(address, ADDRESS_LENGTH),
  };
}
