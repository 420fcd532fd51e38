import { createHmac, randomUUID } from "node:crypto";
import type { RequestParts } from "./load/plan.js";

/** What every contender is given: the same key, user, token and query. None of it is secret. */
export const SECRET = "bench-secret-key-of-sixty-four-characters-that-protects-nothing-.";
export const USERNAME = "bench";
export const EMAIL = "bench@example.com";
export const PASSWORD = "correct horse battery staple";

/** The user, in memory. */
export interface MemoryUser {
  readonly id: number;
  readonly username: string;
  readonly isActive: boolean;
}

export const MEMORY_USERS: ReadonlyMap<string, MemoryUser> = new Map([
  [USERNAME, { id: 1, username: USERNAME, isActive: true }],
]);

/** A day, in seconds: no token of a run expires in it. */
export const TOKEN_LIFETIME = 86_400;

/**
 * Signs an access token as Janus does: HS256 (RFC 7518, section 3.2) with `node:crypto`.
 *
 * @param typ `JWT` in the profile `documented`, `at+jwt` in `hardened`
 */
export function signToken(claims: Readonly<Record<string, unknown>> = {}, typ = "JWT"): string {
  const now = Math.floor(Date.now() / 1000);
  const header = encode({ alg: "HS256", typ });
  const payload = encode({ username: USERNAME, exp: now + TOKEN_LIFETIME, origIat: now, ...claims });
  return `${header}.${payload}.${hmac(`${header}.${payload}`)}`;
}

/** So many different tokens of the user. */
export function signTokens(count: number): string[] {
  return Array.from({ length: count }, () => signToken(count === 1 ? {} : { jti: randomUUID() }));
}

export function hmac(text: string): string {
  return createHmac("sha256", SECRET).update(text).digest("base64url");
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

export const ME_QUERY = "{ me { username } }";
/** What it is answered with. */
export const ME_ANSWER = { data: { me: { username: USERNAME } } };

const JSON_TYPE = { "content-type": "application/json" };

/** A GraphQL request without variables. */
export function graphqlRequest(query: string, headers: Readonly<Record<string, string>> = {}): RequestParts {
  return { method: "POST", path: "/graphql", headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify({ query }) };
}

/** A GraphQL mutation whose arguments, all texts, are variables: the query is always the same, as clients have it. */
export function graphqlMutation(
  name: string,
  variables: Readonly<Record<string, string>>,
  fields: string,
): RequestParts {
  const names = Object.keys(variables);
  const declared = names.map((variable) => `$${variable}: String!`).join(", ");
  const given = names.map((variable) => `${variable}: $${variable}`).join(", ");
  const query = `mutation (${declared}) { ${name}(${given}) { ${fields} } }`;
  return { ...graphqlRequest(query), body: JSON.stringify({ query, variables }) };
}

/** A tRPC mutation. */
export function trpcMutation(name: string, input: unknown): RequestParts {
  return { method: "POST", path: `/trpc/${name}`, headers: JSON_TYPE, body: JSON.stringify(input) };
}

/** The header that carries a token. @param scheme `JWT` is Janus's own word for it, most others take `Bearer` only */
export function authorization(token: string, scheme = "JWT"): Record<string, string> {
  return { authorization: `${scheme} ${token}` };
}
