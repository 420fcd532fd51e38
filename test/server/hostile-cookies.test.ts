import { expect } from "chai";
import { postRequest, type RawAnswer, request, sendRaw } from "../support/raw-http.js";
import { expectLogin } from "../support/refusals.js";
import { PASSWORD, testContext } from "../support/test-context.js";

type Row = readonly [name: string, cookies: string];

/** Cookies that hold a token of ours, as far as their name says. */
const BAD_TOKENS: readonly Row[] = [
  ["no token", "JWT=a"],
  ["a broken percent-encoding", "JWT=%zz"],
  ["encoded control characters", "JWT=%00%0d%0a"],
  ["an encoded lone surrogate", "JWT=%ed%a0%80"],
  ["quotes", 'JWT="a.b.c"'],
  ["two of the name", "JWT=a; JWT=b"],
  ["raw bytes", "JWT=\xff\xfe"],
  ["15 kB", `JWT=${"a".repeat(15_000)}`],
];

/** Cookies that are somebody else's, or none. */
const NO_TOKENS: readonly Row[] = [
  ["nothing", ""],
  ["an empty token", "JWT="],
  ["a name alone", "JWT"],
  ["another case", "jwt=a"],
  ["separators", ";;=;=;=;;"],
  ["names of JavaScript's own", "__proto__=a; constructor=b; toString=c"],
  ["5,000 of them", "a=b;".repeat(3_500)],
];

describe("a hostile cookie", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_COOKIES: "true" });
  afterEach(() => expectLogin(context));

  async function answersTo(cookies: string): Promise<RawAnswer[]> {
    const paths = ["/graphql?query={me{id}}", "/trpc/auth.me", "/healthz"];
    const requests = paths.map((path) => sendRaw(context.url, request("GET", path, { Cookie: cookies })));
    const answers = (await Promise.all(requests)).flat();
    expect(answers).to.have.length(paths.length);
    return answers;
  }

  for (const [name, cookies] of BAD_TOKENS) {
    it(`is dropped with its token, which the browser would send again and again: ${name}`, async () => {
      const [graphql, trpc, health] = await answersTo(cookies);
      expect(graphql).to.include({ status: 200, body: '{"data":{"me":null}}' });
      expect(trpc).to.include({ status: 200, body: '{"result":{"data":null}}' });
      expect(health).to.include({ status: 200, body: '{"status":"ok"}' });
      for (const answer of [graphql, trpc]) {
        expect(answer?.headers["set-cookie"]).to.match(/^JWT=; Max-Age=0; /);
      }
      expect(health?.headers).not.to.have.property("set-cookie"); // No client of ours would hear of it.
    });
  }

  for (const [name, cookies] of NO_TOKENS) {
    it(`is as good as none: ${name}`, async () => {
      for (const { status, headers } of await answersTo(cookies)) {
        expect(status).to.equal(200);
        expect(headers).not.to.have.property("set-cookie");
      }
    });
  }

  it("sets no header of its own where its value comes back", async () => {
    const { username } = await context.createUser();
    const login = JSON.stringify({ username, password: PASSWORD });
    for (const value of ["a%0d%0aset-cookie:%20b=c", "a%3b%20domain=evil.test", "%zz", "%00", '"']) {
      const cookies = { Cookie: `csrftoken=${value}` };
      const [answer] = await sendRaw(context.url, postRequest("/trpc/auth.tokenAuth", login, cookies));
      expect(answer?.status).to.equal(200);
      expect(answer?.headers["set-cookie"]).to.match(/^csrftoken=[\w%.-]*; Max-Age=\d+; Path=\/; Expires=[\w,: ]+$/);
    }
  });
});
