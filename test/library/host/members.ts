import type { AuthUser, PasswordHasher, UserDirectory } from "../../../src/index.js";

/** The host's own user type. */
export interface Member extends AuthUser {
  readonly id: number;
  readonly email: string;
  readonly kitchen: string;
}

interface Row {
  readonly member: Member;
  readonly passwordHash: string;
}

/** The host's own users, in memory. */
export class Members implements UserDirectory<Member> {
  /** What every lookup fails with while it is set. */
  failure: Error | undefined;

  private readonly rows = new Map<string, Row>();

  constructor(private readonly hasher: PasswordHasher) {}

  async add(member: Omit<Member, "id" | "isActive">, password: string): Promise<Member> {
    const added: Member = { isActive: true, ...member, id: this.rows.size + 1 };
    this.rows.set(added.email, { member: added, passwordHash: await this.hasher.hash(password) });
    return added;
  }

  change(email: string, properties: Partial<Member>): void {
    const row = this.rows.get(email);
    if (row) this.rows.set(email, { ...row, member: { ...row.member, ...properties } });
  }

  async findByNaturalKey(email: string): Promise<Member | null> {
    if (this.failure) throw this.failure;
    return this.rows.get(email)?.member ?? null;
  }

  async checkPassword(member: Member | null, password: string): Promise<boolean> {
    const row = member && this.rows.get(member.email);
    return this.hasher.verify(row?.passwordHash ?? null, password);
  }
}
