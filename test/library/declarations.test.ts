import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { runNode } from "../support/child-process.js";

/** As the README has them, and as a project is compiled that others refer to. */
const COMPILER_OPTIONS = {
  target: "es2022",
  module: "nodenext",
  types: ["node"],
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  declaration: true,
  emitDeclarationOnly: true,
  // A host has installed its packages itself: none of them is to find Node's types beside ours.
  preserveSymlinks: true,
};

/** A host that exports what it was given, without a type of its own: each has to have a name outside of Janus. */
const HOST = `
import { type Auth, type AuthContext, type BadUserInputError, createAuth, createDataSource, createTrpc } from "janus-auth";
import { MIGRATIONS, PasswordHasher, RefreshToken, TypeOrmUsers, User } from "janus-auth";

export const dataSource = createDataSource({ url: "sqlite:x", entities: [User, RefreshToken], migrations: MIGRATIONS });
export const users = new TypeOrmUsers(dataSource, new PasswordHasher());
export const find = (name: string) => users.findByNaturalKey(name);
export const create = (name: string) => users.create({ username: name, password: name }, new Date());
export const createUser = users.create;
export const auth = await createAuth({ users, dataSource, secretKey: "x" });
export const { service, account, keys, connections, events, settings, resolvers } = auth;
export const { identify, tokenAuth, refreshToken } = service;
export const { sessions, revokeSession, setPassword } = account;
export const { context, errorResponse, assertRules, standing, authChecker } = auth;
export const { router, procedure, authorized } = createTrpc<AuthContext>();
export const appRouter = router({
  auth: auth.trpcRouter,
  whole: authorized().query(({ ctx }) => ctx),
  sessions: authorized().query(({ ctx }) => ctx.account.sessions(ctx, {})),
});
export const partsOf = ({ account: own, auth: operations, cookies, connection, operation }: AuthContext) => {
  return { own, operations, cookies, connection, operation };
};
export const problems = ({ problems: found }: BadUserInputError) => found;
export class Sessions {
  constructor(readonly auth: Auth) {}
  list = (ctx: AuthContext) => this.auth.account.sessions(ctx, {});
}
`;

/** A type that is not found is any, where the types of libraries are not checked. */
const CHECKED = `
import type { JwtSettingsInput } from "janus-auth";
import { generateKeyPairSync } from "node:crypto";

// @ts-expect-error -- a number is no key
export const wrong: JwtSettingsInput = { publicKey: 5 };

const jwk = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
export const settings: JwtSettingsInput[] = [{ publicKey: jwk }, { secretKey: { kty: "oct", k: "c2VjcmV0", kid: "a" } }];
`;

/** What doc comments say that is thrown or taken has to be there to be caught and made. */
const NAMED = `
import { DatabaseError, DatabaseUrlError, NotSupportedError, SessionNotFoundError, UserExistsError } from "janus-auth";
import type { HashingLimits, NewUser, PasswordHashCosts, TypeOrmUsersOptions } from "janus-auth";

export const classes = [DatabaseError, DatabaseUrlError, NotSupportedError, SessionNotFoundError, UserExistsError];
export type Given = [HashingLimits, NewUser, PasswordHashCosts, TypeOrmUsersOptions];
`;

describe("a host application that writes declarations", () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-host-"));
    const modules = join(directory, "node_modules");
    await mkdir(modules);
    const installed = (await readdir("node_modules")).filter((name) => !name.startsWith(".") && name !== "@types");
    for (const name of installed) await symlink(resolve("node_modules", name), join(modules, name), "dir");
    await cp("node_modules/@types/node", join(modules, "@types", "node"), { recursive: true });
    // Copied, not linked: behind a link every file of Janus could be named.
    const janus = join(modules, "janus-auth");
    const isType = (path: string) => !/\.\w+$/.test(path) || path.endsWith(".d.ts");
    await cp(resolve("build/src"), join(janus, "build/src"), { recursive: true, filter: isType });
    await cp(resolve("package.json"), join(janus, "package.json"));
    await writeFile(join(directory, "package.json"), JSON.stringify({ type: "module" }));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** What the compiler says of one file, line by line. */
  async function compile(text: string): Promise<string[]> {
    await writeFile(join(directory, "host.ts"), text);
    const config = { compilerOptions: COMPILER_OPTIONS, files: ["host.ts"] };
    await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
    const { code, stdout } = await runNode(["node_modules/typescript/bin/tsc", "--pretty", "false", "-p", directory]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    expect(code === 0, stdout).to.equal(lines.length === 0);
    return lines;
  }

  it("may export all that it was given", async () => {
    expect(await compile(HOST)).to.deep.equal([]);
  });

  it("finds what the doc comments name", async () => {
    expect(await compile(NAMED)).to.deep.equal([]);
  });

  it("has its settings checked, by Node's types of today and by those of Node 25 and later", async () => {
    expect(await compile(CHECKED)).to.deep.equal([]);
    await withoutJsonWebKey(directory);
    expect(await compile(CHECKED)).to.deep.equal([]);
  });

  it("finds nothing that takes what is no part of the library", async () => {
    for (const method of ["findOf", "findWith"]) {
      const [line] = await compile(
        `import type { TypeOrmUsers } from "janus-auth";\nexport type Joined = TypeOrmUsers["${method}"];`,
      );
      expect(line).to.match(new RegExp(`error TS2339: Property '${method}' does not exist on type 'TypeOrmUsers'`));
    }
  });
});

/** Gives the project types of Node where only `webcrypto` has this type, as Node 25 and later have them. */
async function withoutJsonWebKey(directory: string): Promise<void> {
  const file = join(directory, "node_modules", "@types", "node", "crypto.d.ts");
  const text = await readFile(file, "utf8");
  const later = text
    .replace(/^ {4}interface JsonWebKey \{[^}]*\}\n/m, "")
    .replaceAll(/^( {8}\S.*)\bJsonWebKey;/gm, "$1webcrypto.JsonWebKey;");
  expect(later).not.to.equal(text);
  await writeFile(file, later);
}
