import { expect } from "chai";
import { ClientProject } from "./client-project.js";

const HEAD = `
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink, TRPCClientError, type TRPCLink } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter, AuthClient, AuthRouter, AuthUserOutput, HiddenTokenAppRouter, TokenPayload } from "janus-auth/client";
import { AuthClientError, createAuthClient, localStorageStore, memoryStore, type TokenStore } from "janus-auth/client";

const janus = createTRPCClient<AppRouter>({ links: [httpLink({ url: "http://127.0.0.1:4000/trpc" })] });
const mounted = createTRPCClient<AuthRouter>({ links: [httpLink({ url: "http://127.0.0.1:4000/trpc" })] });
const hidden = createTRPCClient<HiddenTokenAppRouter>({ links: [httpLink({ url: "http://127.0.0.1:4000/trpc" })] });
const url = "http://127.0.0.1:4000/trpc";
const auth: AuthClient<AppRouter> = createAuthClient<AppRouter>({ url, store: memoryStore() });
type Inputs = inferRouterInputs<AppRouter>["auth"];
type Outputs = inferRouterOutputs<AppRouter>["auth"];
type Failure = NonNullable<TRPCClientError<AppRouter>["data"]>;
`;

const RIGHT = `${HEAD}
const obtained = await janus.auth.tokenAuth.mutate({ username: "alice", password: "secret" });
const { token, payload, refreshExpiresIn, refreshToken, user } = obtained;
const texts: string[] = [token, user.id, user.username, ...user.roles, ...user.permissions];
const flags: boolean[] = [user.isStaff, user.isSuperuser];
const email: string | null = user.email;
const seconds: number = refreshExpiresIn;
const optional: string | undefined = refreshToken;
const claims: TokenPayload = payload;
const expiry: number | undefined = payload.exp;
const claim: string | undefined = payload.jti;

const refreshed = await janus.auth.refreshToken.mutate({ refreshToken });
await janus.auth.refreshToken.mutate({ token: refreshed.token });
await janus.auth.refreshToken.mutate({ token: null });
await janus.auth.verifyToken.mutate({ token }).then(({ payload: verified }) => verified.origIat);
const { revoked } = await janus.auth.revokeToken.mutate({ refreshToken });
const { deleted } = await janus.auth.deleteTokenCookie.mutate();
const both: boolean = deleted && (await janus.auth.deleteRefreshTokenCookie.mutate()).deleted;
const when: Date = new Date(revoked * 1000);
const me: AuthUserOutput | null = await janus.auth.me.query();
const mine: AuthUserOutput | null = await mounted.me.query();

const inCookies = await hidden.auth.tokenAuth.mutate({ username: "alice", password: "secret" });
const until: number = inCookies.refreshExpiresIn + (await hidden.auth.refreshToken.mutate({})).refreshExpiresIn;
const who: string | null = inCookies.user.email;

const authenticated = createTRPCClient<AppRouter>({
  links: [auth.trpcLink(), httpBatchLink({ url, fetch: auth.fetch })],
});
const streamed = createTRPCClient<AuthRouter>({ links: [httpBatchStreamLink({ url, fetch: auth.fetch })] });
const links: TRPCLink<HiddenTokenAppRouter>[] = [auth.trpcLink()];
const dropIn: typeof globalThis.fetch = auth.fetch;
const behind = createAuthClient({ url, fetch: globalThis.fetch, lock: (name, run) => navigator.locks.request(name, run) });
const ownStore: TokenStore = { get: () => null, set: (session) => void JSON.stringify(session) };
const stores: TokenStore[] = [ownStore, localStorageStore("key")];
const known: AuthUserOutput | null | undefined = auth.session?.user;
const names: string[] = (await auth.login("alice", "secret")).user?.roles ?? [];
const again: typeof auth.session = auth.adopt(await authenticated.auth.tokenAuth.mutate({ username: "a", password: "b" }));
auth.adopt(inCookies);
const stop: () => void = auth.subscribe((event) => {
  if (event.reason === "refused") return event.error.code === "USER_DISABLED";
  return event.session?.user?.username;
});
const ownUser: string | undefined = createAuthClient<AuthRouter>({ url, router: "" }).session?.user?.username;
const inCookie: string | undefined = createAuthClient<HiddenTokenAppRouter>({ url, cookies: true }).session?.user?.id;
const left: boolean = (await auth.logout()).revoked && new AuthClientError("NO_ANSWER", "").code !== "FORBIDDEN";
const params: Record<string, string> = await auth.connectionParams();
// Says to linters that the method may be passed on by itself.
const passedOn: unknown extends ThisParameterType<typeof auth.subscribe> ? false : true = true;

const error = new TRPCClientError<AppRouter>("");
const code: "INVALID_CREDENTIALS" | undefined = error.data?.errorCode === "INVALID_CREDENTIALS" ? error.data.errorCode : undefined;
const status: number | undefined = error.data?.httpStatus;

type IsAny<T> = 0 extends 1 & T ? true : false;
type HasAny<T> = IsAny<T> extends true ? true : T extends object ? (true extends { [K in keyof T]-?: HasAny<T[K]> }[keyof T] ? true : false) : false;
const found: HasAny<{ deep: { down?: any } }> = true;
const none: HasAny<[Inputs, Outputs, Failure, typeof auth.session]> = false;
const whole: [IsAny<typeof janus.auth>, IsAny<typeof obtained>, IsAny<typeof me>, IsAny<Failure["errorCode"]>] = [false, false, false, false];
export { streamed, links, dropIn, behind, stores, known, names, again, stop, ownUser, inCookie, left, params, passedOn };
export { texts, flags, email, seconds, optional, claims, expiry, claim, when, both, me, mine, code, status, until, who, found, none, whole };
`;

/** Lines that must not compile, and what the compiler says to each. */
const WRONG: [line: string, code: string, message: RegExp][] = [
  ["await janus.auth.login.mutate({});", "TS2339", /'login' does not exist/],
  ["await janus.tokenAuth.mutate({});", "TS2339", /'tokenAuth' does not exist/],
  ["await mounted.auth.me.query();", "TS2339", /'auth' does not exist/],
  ["await janus.auth.tokenAuth.query({});", "TS2339", /'query' does not exist/],
  ["await janus.auth.me.mutate();", "TS2339", /'mutate' does not exist/],
  ["await janus.auth.tokenAuth.mutate();", "TS2554", /Expected 1-2 arguments/],
  ['await janus.auth.tokenAuth.mutate({ username: "a" });', "TS2741", /'password' is missing/],
  ['await janus.auth.tokenAuth.mutate({ username: "a", password: 5 });', "TS2322", /'number' is not assignable/],
  ['await janus.auth.tokenAuth.mutate({ username: "a", password: null });', "TS2322", /'null' is not assignable/],
  ['await janus.auth.tokenAuth.mutate({ user: "a", password: "b" });', "TS2353", /'user' does not exist/],
  ['await janus.auth.tokenAuth.mutate({ username: "a", password: "b", otp: "c" });', "TS2353", /'otp' does not exist/],
  ["await janus.auth.verifyToken.mutate({ token: 5 });", "TS2322", /'number' is not assignable/],
  ['await janus.auth.verifyToken.mutate({ refreshToken: "a" });', "TS2353", /'refreshToken' does not exist/],
  ['await janus.auth.revokeToken.mutate({ token: "a" });', "TS2353", /'token' does not exist/],
  ["await janus.auth.refreshToken.mutate({ refreshToken: 5 });", "TS2322", /'number' is not assignable/],
  ['await janus.auth.me.query("alice");', "TS2345", /'"?alice"?' is not assignable|not assignable to parameter/],
  ["(await janus.auth.me.query()).id;", "TS2531", /possibly 'null'/],
  ["(await janus.auth.me.query())?.passwordHash;", "TS2339", /'passwordHash' does not exist/],
  [
    '(await janus.auth.tokenAuth.mutate({ username: "a", password: "b" })).access;',
    "TS2339",
    /'access' does not exist/,
  ],
  ["(await hidden.auth.refreshToken.mutate({})).token;", "TS2339", /'token' does not exist/],
  [
    '(await hidden.auth.tokenAuth.mutate({ username: "a", password: "b" })).refreshToken;',
    "TS2339",
    /'refreshToken' does not exist/,
  ],
  ["(await janus.auth.revokeToken.mutate({})).revoked.toUpperCase();", "TS2339", /'toUpperCase' does not exist/],
  ["(await janus.auth.verifyToken.mutate({})).payload.username.length;", "TS2532", /possibly 'undefined'/],
  ["auth.session?.user?.passwordHash;", "TS2339", /'passwordHash' does not exist/],
  ["auth.session?.token;", "TS2339", /'token' does not exist/],
  ['await auth.login("alice");', "TS2554", /Expected 2 arguments/],
  ["createAuthClient({});", "TS2741", /'url' is missing/],
  ["createAuthClient({ url, cookie: true });", "TS2561", /'cookie' does not exist/],
  ['createAuthClient({ url, api: "rest" });', "TS2322", /"rest"' is not assignable/],
  ['auth.subscribe(({ reason }) => reason === "expired");', "TS2367", /no overlap/],
  ["createAuthClient<AuthRouter>({ url }).session?.user?.kitchen;", "TS2339", /'kitchen' does not exist/],
  ['new TRPCClientError<AppRouter>("").data?.errorCode === "WRONG";', "TS2367", /no overlap/],
];

describe("a client project with @trpc/client alone", () => {
  let project: ClientProject;
  before(async () => {
    project = await ClientProject.create();
  });
  after(() => project.remove());

  it("compiles against AppRouter and AuthRouter, with skipLibCheck off and nothing any", async () => {
    expect(await project.compile(RIGHT)).to.deep.equal([]);
  });

  it("compiles with a bundler's way of finding modules too", async () => {
    expect(await project.compile(RIGHT, { module: "esnext", moduleResolution: "bundler" })).to.deep.equal([]);
  });

  describe("is told by the compiler that it may not write", () => {
    const lines = new Map<number, { code: string; message: string }[]>();
    const offset = HEAD.split("\n").length;

    before(async () => {
      const diagnostics = await project.compile(HEAD + WRONG.map(([line]) => `${line}\n`).join(""));
      for (const { line, ...rest } of diagnostics) lines.set(line, [...(lines.get(line) ?? []), rest]);
    });

    WRONG.forEach(([line, code, message], index) => {
      it(line, () => {
        const [diagnostic, ...others] = lines.get(offset + index) ?? [];
        expect(others).to.deep.equal([]);
        expect(diagnostic?.message).to.match(message);
        expect(diagnostic?.code).to.equal(code);
      });
    });
  });

  it("has nothing else installed: the server's part of Janus does not compile there", async () => {
    const diagnostics = await project.compile('import type { Auth } from "janus-auth";\nexport type A = Auth;\n');
    expect(diagnostics.map(({ message }) => message).join("\n")).to.include("'type-graphql'");
  });
});
