import { expect } from "chai";
import { FuzzedServer, USERNAME } from "../fuzz/fuzzed-server.js";
import { decode, forge } from "../support/forge.js";
import { PASSWORD } from "../support/test-context.js";

/*
 * What the server remembers of a request may be a piece of it, but must not keep the rest. It is counted in bytes of the heap
 * after full collections: of requests as long as they may be, and each with something new to remember.
 */

const MEBIBYTE = 2 ** 20;

const COUNT = 1_000;
/** Requests that are sent before the heap is looked at first, for what a server makes once. */
const FIRST = 100;
const AT_ONCE = 10;

/** Three times what the tokens themselves take, and twice what the documents do; the requests are two to eight times as long. */
const BOUND = 6 * MEBIBYTE;

/** A request with one of them in it; the number is never the same. */
type Ask = (server: string, token: string, number: number) => Promise<Response>;

const post = (url: string, query: string): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ query }) });

const WAYS: Readonly<Record<string, Ask>> = {
  "tokens in long headers": (server, token) =>
    fetch(`${server}/trpc/auth.me`, { headers: { authorization: `JWT${" ".repeat(14_000)}${token}` } }),
  "tokens in long queries": (server, token) =>
    post(`${server}/graphql`, `mutation { verifyToken(token: "${token}") { payload } } #`.padEnd(32_000, "x")),
  "queries in long URLs": (server, _token, number) =>
    fetch(`${server}/graphql?query={me${number}:__typename}&more=`.padEnd(7_500, "x")),
};

describe("what is remembered of long requests", function () {
  this.timeout(300_000); // Thousands of requests, on a machine that may be busy.
  let server: FuzzedServer;
  /** Of a session; each with another `jti` is another token. */
  let model: string;
  let number = 0;

  before(async () => {
    server = await FuzzedServer.start();
    const login = `mutation { tokenAuth(username: "${USERNAME}", password: "${PASSWORD}") { token } }`;
    const { data } = (await (await post(`${server.url}/graphql`, login)).json()) as {
      data: { tokenAuth: { token: string } };
    };
    model = data.tokenAuth.token;
  });
  after(() => server.stop());

  async function send(ask: Ask, count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += AT_ONCE) {
      const answers = Array.from({ length: AT_ONCE }, async () => {
        number += 1;
        const payload = { ...decode(model, "payload"), jti: `${number}` };
        const answer = await ask(server.url, forge(payload, { header: decode(model, "header") }), number);
        expect(await answer.text()).not.to.include("error");
      });
      await Promise.all(answers);
    }
  }

  for (const [what, ask] of Object.entries(WAYS)) {
    it(`is not the whole request: ${what}`, async () => {
      await send(ask, FIRST);
      const before = (await server.memory()).heapUsed;
      await send(ask, COUNT);
      expect((await server.memory()).heapUsed - before).to.be.below(BOUND);
      expect(server.alarms).to.deep.equal([]);
    });
  }
});
