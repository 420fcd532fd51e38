import { expect } from "chai";
import { comparable, diverted, isDivertible } from "./diverted.js";
import { SECRET_KEY } from "./forge.js";
import { type RawAnswer, sendRaw } from "./raw-http.js";
import { SECURITY_HEADERS, TELLTALES } from "./security-headers.js";
import { PASSWORD, type TestContext } from "./test-context.js";

/** A request that has to be refused, byte for byte, and how. */
export interface HostileRequest {
  readonly bytes: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Most characters of the answer's body. By default 500. */
  readonly size?: number;
}

/** What no client may see: stacks, paths of the machine, SQL, names of tables and packages, secrets. */
const INTERNALS =
  /\bat \S+ \(|node:internal|node_modules|file:\/\/|\/tmp\/|\.[jt]s:\d|\b(?:SELECT|INSERT|UPDATE|WHERE)\b|janus_|sqlite|maria|mysql|typeorm|fastify/i;

/** Sends a hostile request, and checks all that every refusal has in common. */
export async function expectRefusal(context: TestContext, hostile: HostileRequest): Promise<RawAnswer> {
  context.forget();
  const [answer] = await sendRaw(context.url, hostile.bytes);
  if (!answer) throw new Error("the connection was closed without an answer");
  const { code, message } = errorOf(answer);
  expect({ status: answer.status, code, message }).to.deep.equal({
    status: hostile.status,
    code: hostile.code,
    message: hostile.message,
  });
  expect(answer.headers["content-type"]).to.match(/^application\/json(; charset=utf-8)?$/);
  expect(answer.headers).to.include(SECURITY_HEADERS);
  expect(answer.headers).not.to.have.any.keys(...TELLTALES);
  expect(answer.headers["x-request-id"]).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(answer.body.length).to.be.at.most(hostile.size ?? 500);
  expectNoInternals(answer.body);
  expect(context.log.filter(({ level }) => (level as number) >= 50)).to.deep.equal([]);
  if (isDivertible(hostile.bytes)) await expectSameOfFastify(context, hostile.bytes, answer);
  return answer;
}

/** Checks that a request which is not answered directly is answered in the same way. */
async function expectSameOfFastify(context: TestContext, bytes: string, answer: RawAnswer): Promise<void> {
  const [other] = await sendRaw(context.url, diverted(bytes));
  if (!other) throw new Error("the connection was closed without an answer");
  expect(comparable(answer)).to.deep.equal(comparable(other));
}

/** Checks that an answer tells nothing of what is behind it. */
export function expectNoInternals(body: string): void {
  expect(body).not.to.match(INTERNALS);
  for (const secret of [SECRET_KEY, PASSWORD, process.versions.node]) expect(body).not.to.include(secret);
}

/** Code and message of the only error in an answer, or of the first of a tRPC batch or of several. */
export function errorOf({ body }: Pick<RawAnswer, "body">): { code: string; message: string } {
  const parsed = JSON.parse(body);
  const trpcError = Array.isArray(parsed) ? parsed[0].error : parsed.error;
  if (trpcError) return { code: trpcError.data.errorCode, message: trpcError.message };
  const [error] = parsed.errors;
  return { code: error.extensions?.code ?? error.code, message: error.message };
}

/** Checks that the server still serves: a login over each face. */
export async function expectLogin(context: TestContext): Promise<void> {
  const { username } = await context.createUser();
  for (const face of context.faces) {
    expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.nested.property(
      "data.user.username",
      username,
    );
  }
}
