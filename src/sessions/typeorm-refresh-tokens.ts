import type { DataSource, Repository } from "typeorm";

import { withDatabase } from "../database/retry.js";
import { uuidV7 } from "../database/uuid-v7.js";
import { cutToCodePoints } from "./client-text.js";
import { anyCondition, type Condition, endedConditions } from "./ended-conditions.js";
import { RefreshToken } from "./refresh-token.js";
import type { EndedSessions, NewSession, RefreshTokenRepository, SessionClient } from "./refresh-token-repository.js";

/** Characters, the widths of the columns. */
const USER_AGENT_LENGTH = 255;
const ADDRESS_LENGTH = 64;

/** Rows in one DELETE: few enough to hold no lock for long. */
const DELETE_BATCH = 500;

/**
 * Sessions in MySQL, MariaDB or SQLite. Every write is one autocommit statement: on a cluster nothing is known to have
 * happened before the acknowledgement of a commit, and with one statement that is the statement's own.
 */
export class TypeOrmRefreshTokens implements RefreshTokenRepository {
  private readonly rows: Repository<RefreshToken>;

  /** @param model an entity of the data source, `RefreshToken` or a class that extends it */
  constructor(dataSource: DataSource, model: typeof RefreshToken = RefreshToken) {
    this.rows = dataSource.getRepository(model);
  }

  async create(session: NewSession): Promise<RefreshToken> {
    const { hash, user, created } = session;
    const row = this.rows.create({
      id: uuidV7(created),
      hash,
      generation: 0,
      user,
      created,
      rotated: created,
      lastUsed: created,
      revoked: null,
      ...clientColumns(session),
    });
    // After a lost connection a second INSERT could only meet the first one, so it is not sent again.
    await withDatabase(() => this.rows.insert(row));
    return row;
  }

  async findByHash(hash: Buffer): Promise<RefreshToken | null> {
    return withDatabase(() => this.rows.findOneBy({ hash }), { mayRunTwice: true });
  }

  async findById(id: string): Promise<RefreshToken | null> {
    return withDatabase(() => this.rows.findOneBy({ id }), { mayRunTwice: true });
  }

  async rotate(token: { hash: Buffer; generation: number }, at: Date, client: SessionClient): Promise<boolean> {
    const update = this.rows
      .createQueryBuilder()
      .update()
      .set({ generation: () => "generation + 1", rotated: at, lastUsed: at, ...clientColumns(client) })
      .where("hash = :hash AND generation = :generation AND revoked IS NULL", token);
    // Never sent again after a lost connection: it may have been applied, and the second one would then report a loser
    // where there was a winner. The client's own retry lands in the grace period and gets the same successor.
    const { affected } = await withDatabase(() => update.execute());
    return affected === 1;
  }

  async touch(id: string, at: Date, client: SessionClient): Promise<void> {
    const update = this.rows
      .createQueryBuilder()
      .update()
      .set({ lastUsed: at, ...clientColumns(client) })
      .where("id = :id AND revoked IS NULL", { id });
    await withDatabase(() => update.execute(), { mayRunTwice: true });
  }

  async revoke(id: string, at: Date): Promise<boolean> {
    const update = this.rows
      .createQueryBuilder()
      .update()
      .set({ revoked: at })
      .where("id = :id AND revoked IS NULL", { id });
    // Never sent again after a lost connection, for the reason that `rotate` gives.
    const { affected } = await withDatabase(() => update.execute());
    return affected === 1;
  }

  async deleteEnded(ended: EndedSessions, limit: number): Promise<number> {
    let deleted = 0;
    for (const condition of endedConditions(ended)) {
      let ids: string[];
      do {
        ids = await this.findIds(condition, Math.min(limit - deleted, DELETE_BATCH));
        deleted += await this.deleteIds(ids, condition);
      } while (ids.length === DELETE_BATCH);
    }
    return deleted;
  }

  async countEnded(ended: EndedSessions): Promise<number> {
    const { where, parameters } = anyCondition(endedConditions(ended));
    const query = this.rows.createQueryBuilder("session").where(where, parameters);
    return withDatabase(() => query.getCount(), { mayRunTwice: true });
  }

  private async findIds({ where, parameters }: Condition, limit: number): Promise<string[]> {
    if (limit <= 0) return [];
    const query = this.rows
      .createQueryBuilder("session")
      .select("session.id", "id")
      .where(where, parameters)
      .limit(limit);
    const found = await withDatabase(() => query.getRawMany<{ id: string }>(), { mayRunTwice: true });
    return found.map(({ id }) => id);
  }

  /** The condition is asked again, because a session may have been rotated since its id was found. */
  private async deleteIds(ids: string[], { where, parameters }: Condition): Promise<number> {
    if (ids.length === 0) return 0;
    const deletion = this.rows.createQueryBuilder().delete().whereInIds(ids).andWhere(where, parameters);
    // Not sent again after a lost connection: the second one would not count what the first one deleted.
    const { affected } = await withDatabase(() => deletion.execute());
    return affected ?? 0;
  }
}

function clientColumns({ userAgent, address }: SessionClient): SessionClient {
  return {
    userAgent: cutToCodePoints(userAgent, USER_AGENT_LENGTH),
    address: cutToCodePoints(address, ADDRESS_LENGTH),
  };
}
