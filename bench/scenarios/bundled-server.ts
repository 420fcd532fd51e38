import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.js";
import { ask } from "../contender.js";
import { textAt } from "../load/conversation.js";
import type { RequestParts } from "../load/plan.js";
import type { Child, Program } from "../processes/child.js";
import { graphqlMutation, PASSWORD, SECRET, TOKEN_LIFETIME, USERNAME } from "../subject.js";

/** What Janus writes once it serves. */
const JANUS_READY = /GraphQL +(http:\/\/\S+)\/graphql[^]*Profile/;

/** The fields that its logins ask for. */
const PAIR = "token refreshToken";

/** The environment of the bundled server in a run. Its request log is off, as no contender has one. */
export function janusEnvironment(bench: Bench, environment: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PORT: "0",
    LOG_LEVEL: "silent",
    SECRET_KEY: SECRET,
    JWT_EXPIRATION_DELTA: String(TOKEN_LIFETIME),
    // All load is of one user at one address: as much of it at once is what the limits refuse.
    JWT_LOGIN_LIMIT_PER_NAME: "none",
    JWT_LOGIN_LIMIT_PER_NAME_AND_ADDRESS: "none",
    JWT_LOGIN_LIMIT_PER_ADDRESS: "none",
    JANUS_DATA_DIR: mkdtempSync(join(bench.directory, "janus-")),
    ...environment,
  };
}

/** The program and what it is told. */
export const JANUS = ["build/src/cli/main.js", "serve"];

/** Starts `janus-auth serve`. @param program what is not as usual: another core, or options of Node's before the program */
export function startJanus(
  bench: Bench,
  environment: Readonly<Record<string, string>>,
  program: Partial<Program> = {},
): Promise<Child> {
  return bench.run({
    arguments: JANUS,
    environment: janusEnvironment(bench, environment),
    ready: JANUS_READY,
    ...program,
  });
}

/** The tokens of a login. */
export interface Login {
  readonly token: string;
  readonly refreshToken: string;
}

/** So many sessions of the user, opened over the wire. @throws Error with the answer, if a login was refused */
export async function logIn(url: string, count: number): Promise<Login[]> {
  const logins: Login[] = [];
  for (let index = 0; index < count; index += 1) logins.push(await logInOnce(url));
  return logins;
}

async function logInOnce(url: string): Promise<Login> {
  const answer = { head: "", ...(await ask(url, loginRequest(PAIR))) };
  const token = textAt(answer, "data.tokenAuth.token");
  const refreshToken = textAt(answer, "data.tokenAuth.refreshToken");
  if (token === null || refreshToken === null) throw new Error(`a login was answered ${answer.status} ${answer.body}`);
  return { token, refreshToken };
}

/** `tokenAuth` of the user. */
export function loginRequest(fields: string): RequestParts {
  return graphqlMutation("tokenAuth", { username: USERNAME, password: PASSWORD }, fields);
}
