import type { IdentityLookup, KeptIdentity, KeptSession } from "../auth/identity-lookup.js";
import type { EntityTable } from "../database/entity-table.js";
import type { RefreshToken } from "../sessions/refresh-token.js";
import { byteText, textBytes } from "../database/byte-text.js";
import { BatchLookup } from "../database/batch-lookup.js";
import type { TypeOrmUsers } from "../users/typeorm-users.js";
import type { UserAccount } from "../users/user-account.js";

type Identity = KeptIdentity<UserAccount>;

/**
 * Users and sessions are in one database here, so that one statement finds both, and one is enough for all requests
 * that arrive together: `verifySession` costs nothing beside the look at the user, and a refresh one round trip less.
 */
export class JoinedLookup implements IdentityLookup<UserAccount> {
  private readonly lookup = new BatchLookup<Identity>((keys) => this.load(keys));
  private readonly byHash = new BatchLookup<KeptSession<UserAccount>>((keys) => this.loadByHash(keys));

  constructor(
    private readonly users: TypeOrmUsers,
    private readonly sessions: EntityTable<RefreshToken>,
  ) {}

  async find(naturalKey: string, sessionId: string): Promise<Identity> {
    const found = await this.lookup.find(keyOf(this.users.spellingOf(naturalKey), sessionId));
    return found ?? { user: null, session: null };
  }

  findByHash(hash: Buffer): Promise<KeptSession<UserAccount> | null> {
    return this.byHash.find(byteText(hash));
  }

  private async loadByHash(keys: string[]): Promise<ReadonlyMap<string, KeptSession<UserAccount>>> {
    const values = keys.map(textBytes);
    const rows = await this.users.findOf(this.sessions, { property: "hash", values, joinedBy: "user" });
    return new Map(rows.map(({ row, user }) => [byteText(row.hash), { session: row, user }]));
  }

  private async load(keys: string[]): Promise<ReadonlyMap<string, Identity>> {
    const pairs = keys.map((key) => JSON.parse(key) as [naturalKey: string, sessionId: string]);
    const naturalKeys = unique(pairs.map(([naturalKey]) => naturalKey));
    const ids = unique(pairs.map(([, sessionId]) => sessionId));
    const rows = await this.users.findWith(naturalKeys, {
      table: this.sessions,
      joinedBy: "user",
      among: { property: "id", values: ids },
    });

    const identities = new Map<string, Identity>();
    for (const [naturalKey, sessionId] of pairs) {
      const ofUser = rows.filter((row) => row.naturalKey === naturalKey);
      const session = ofUser.find(({ other }) => other?.id === sessionId)?.other ?? null;
      identities.set(keyOf(naturalKey, sessionId), { user: ofUser[0]?.user ?? null, session });
    }
    return identities;
  }
}

function keyOf(naturalKey: string, sessionId: string): string {
  return JSON.stringify([naturalKey, sessionId]);
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
