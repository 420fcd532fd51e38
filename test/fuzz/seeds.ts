import { authRouter } from "../../src/trpc/auth-router.js";
import { PASSWORD } from "../support/test-context.js";

/** Valid GraphQL documents, which others are made of. None of them logs in more often than three times. */
export const DOCUMENTS: readonly string[] = [
  "query ($yes: Boolean! = true) { me @include(if: $yes) { id ...user } } fragment user on UserType { username roles }",
  'mutation ($t: String) { verifyToken(token: $t) { payload } revokeToken(refreshToken: "x") { revoked } }',
  "mutation ($u: String!, $p: String!) { a: tokenAuth(username: $u, password: $p) { token payload user { id } } }",
  "query ($t: String) { a: me(token: $t) { ...on UserType { id email } } sessions { id device created current } }",
  "mutation ($r: String) { refreshToken(refreshToken: $r) { token refreshToken refreshExpiresIn } }",
  'mutation ($i: ID!, $u: String) { revokeSession(id: $i, user: $u) { revoked } b: revokeAllSessions(user: "x") { count } }',
  'mutation ($c: String!) { setPassword(currentPassword: $c, newPassword: "new") { token } deleteTokenCookie { deleted } }',
  "{ __typename __schema { types { name fields { name args { name } } } } }",
];

/** Values that the documents' variables may have. */
export const VARIABLES: Readonly<Record<string, unknown>> = {
  yes: true,
  t: "a.b.c",
  u: "fuzzed",
  p: PASSWORD,
  r: "r".repeat(75),
  i: "0190a0b0-0000-7000-8000-000000000000",
  c: "not the password",
};

/** What is put into documents. */
export const POOL: readonly string[] = [
  ..."{ } ( ) [ ] $ @ ! : | = & #".split(" "),
  "...",
  '"',
  '"""',
  "\\u",
  "null",
  "on",
  "__proto__",
  "__typename",
  "fragment",
  "subscription",
  "mutation",
  "query",
  "@include(if: false)",
  "@skip(if: $yes)",
  "@defer",
  "$t",
  "me",
  "id",
  "token",
  "-1e999",
  "99999999999",
];

/** Every procedure of the router, and some that it has not. */
export const PROCEDURES: readonly string[] = [
  ...Object.keys(authRouter._def.procedures).map((name) => `auth.${name}`),
  "auth",
  "auth.__proto__",
  "toString",
];
