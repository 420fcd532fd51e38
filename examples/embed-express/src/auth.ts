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

/** The users of this application. Janus has to know nothing of them but this. */
export interface Member extends AuthUser {
  readonly username: string;
}

const hasher = new PasswordHasher(); // argon2id
const members = new Map<string, { readonly member: Member; readonly passwordHash: string }>();

async function add(member: Member, password: string): Promise<void> {
  members.set(member.username, { member, passwordHash: await hasher.hash(password) });
}

await add({ id: 1, username: "ada", isActive: true, permissions: ["recipes.edit"] }, "lovelace");
await add({ id: 2, username: "grace", isActive: true }, "hopper");

const users: UserDirectory<Member> = {
  async findByNaturalKey(username) {
    return members.get(username)?.member ?? null;
  },
  // Called with null for an unknown user too, and must take as long then. This does.
  async checkPassword(member, password) {
    return hasher.verify(members.get(member?.username ?? "")?.passwordHash ?? null, password);
  },
};

export const dataSource = createDataSource({
  url: process.env.DATABASE_URL ?? "sqlite:recipes.sqlite",
  entities: [RefreshToken, LoginAttempt], // and your own
  migrations: [...SESSION_MIGRATIONS, ...LOGIN_LIMIT_MIGRATIONS], // and your own
});
await dataSource.initialize();
await migrate(dataSource);

export const auth = await createAuth({
  users,
  dataSource,
  secretKey: process.env.SECRET_KEY,
  settings: { profile: "hardened", requireRules: true },
});
