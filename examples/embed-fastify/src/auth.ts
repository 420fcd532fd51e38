import {
  type AuthUser,
  createAuth,
  createDataSource,
  LOGIN_LIMIT_MIGRATIONS,
  LoginAttempt,
  migrate,
  PasswordHasher,
  RefreshToken,
  SESSION_MIGRATIONS,
  type UserDirectory,
} from "janus-auth";
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Table } from "typeorm";

/** The users of this application, in a table of its own. Janus has to know nothing of them but `AuthUser`. */
@Entity("member")
export class Member implements AuthUser {
  @PrimaryColumn({ type: "varchar", length: 100 })
  username!: string;

  @Column({ type: "varchar", length: 255, name: "password_hash" })
  passwordHash!: string;

  @Column({ type: "boolean", name: "may_edit" })
  mayEdit!: boolean;

  isActive = true;

  get id(): string {
    return this.username;
  }

  get permissions(): string[] {
    return this.mayEdit ? ["recipes.edit"] : [];
  }
}

class CreateMember1767225600000 implements MigrationInterface {
  readonly name = "CreateMember1767225600000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const columns = [
      { name: "username", type: "varchar", length: "100", isPrimary: true },
      { name: "password_hash", type: "varchar", length: "255" },
      { name: "may_edit", type: "boolean" },
    ];
    await queryRunner.createTable(new Table({ name: "member", columns }));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("member");
  }
}

export const dataSource = createDataSource({
  url: process.env.DATABASE_URL ?? "sqlite:recipes.sqlite",
  entities: [RefreshToken, LoginAttempt, Member],
  migrations: [...SESSION_MIGRATIONS, ...LOGIN_LIMIT_MIGRATIONS, CreateMember1767225600000],
});
await dataSource.initialize();
await migrate(dataSource);

const hasher = new PasswordHasher(); // argon2id
const members = dataSource.getRepository(Member);
if ((await members.count()) === 0) {
  await members.save([
    members.create({ username: "ada", passwordHash: await hasher.hash("lovelace"), mayEdit: true }),
    members.create({ username: "grace", passwordHash: await hasher.hash("hopper"), mayEdit: false }),
  ]);
}

const users: UserDirectory<Member> = {
  findByNaturalKey: (username) => members.findOneBy({ username }),
  // Called with null for an unknown user too, and must take as long then. This does.
  checkPassword: (member, password) => hasher.verify(member?.passwordHash ?? null, password),
};

export const auth = await createAuth({
  users,
  dataSource,
  secretKey: process.env.SECRET_KEY,
  settings: { profile: "hardened", requireRules: true },
});
