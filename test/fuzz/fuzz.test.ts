import { randomInt } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { expect } from "chai";
import * as fc from "fast-check";
import { forge } from "../support/forge.js";
import { listen } from "../support/listen.js";
import { FuzzedServer, type Memory } from "./fuzzed-server.js";
import { fuzzRequests } from "./requests.js";
import { fillDocumentCache, runFuzz } from "./run-fuzz.js";

/** `npm run fuzz` sends more. */
const RUNS = 3_000;
/** Bytes that the heap may grow by after the first 500 requests. */
const HEAP_BOUND = 8 * 2 ** 20;

describe("random requests, seldom good", function () {
  this.timeout(300_000); // Thousands of requests, on a machine that may be busy.

  it("are never an error of the server, tell nothing of it, crash it or stay in its memory", async () => {
    const seed = randomInt(2 ** 31);
    console.log(`      ${RUNS} requests; again: npm run fuzz -- --runs ${RUNS} --seed ${seed}`);
    const server = await FuzzedServer.start();
    try {
      await fillDocumentCache(server.url);
      let first: Memory | undefined;
      const { failures, statuses } = await runFuzz({ url: server.url, runs: RUNS, seed }, async () => {
        first ??= await server.memory();
        return !server.hasEnded;
      });
      const found = failures.map(({ kind, problem, bytes }) => `${kind}: ${problem} to ${JSON.stringify(bytes)}`);
      expect(found, `seed ${seed}`).to.deep.equal([]);
      expect(server.alarms, `seed ${seed}`).to.deep.equal([]);
      const kinds = [...statuses.keys()].map((key) => key.replace(/: [\d ]+$|: none$/, ""));
      expect(new Set(kinds).size).to.be.at.least(15);
      expect((await server.memory()).heapUsed - (first?.heapUsed ?? 0)).to.be.below(HEAP_BOUND);
    } finally {
      await server.stop();
    }
    expect(server.alarms, `seed ${seed}`).to.deep.equal([]);
  });

  const tokens = { token: forge({ username: "fuzzed" }), refreshToken: "r".repeat(75) };
  const faulty: Readonly<Record<string, [answer: RequestListener, problem: RegExp]>> = {
    "answers 500": [(_, response) => response.writeHead(500).end("{}"), /^answered with 500/],
    "answers 503": [(_, response) => response.writeHead(503).end("{}"), /^answered with 503/],
    "takes every token": [(_, response) => response.end("{}"), /^answered with 200 and not 401/],
    "hangs up": [(_, response) => response.destroy(), /^no answer/],
    "tells where it is": [(_, response) => response.writeHead(401).end("at f (/srv/a.js:1:1)"), /behind it/],
    "tells what it is": [
      (_, response) => response.writeHead(401, { server: "janus/0.1.0" }).end("{}"),
      /^a header that tells what serves it: server/,
    ],
    "tells of a failure in a 200": [
      (_, response) => response.end('{"errors":[{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}'),
      /^an error of the server within 200/,
    ],
    "answers twice": [
      (request, response) =>
        void request.socket.write("HTTP/1.1 401 A\r\ncontent-length: 0\r\n\r\n".repeat(2), () => response.destroy()),
      /^more than one answer/,
    ],
  };
  for (const [fault, [answer, problem]] of Object.entries(faulty)) {
    it(`would find a server that ${fault}`, async () => {
      let requests = 0;
      const server = await listen(
        createServer((request, response) => {
          request.resume();
          requests += 1;
          if (requests === 1) response.end(JSON.stringify({ result: { data: tokens } }));
          else answer(request, response);
        }),
      );
      try {
        const { failures } = await runFuzz({ url: server.url, runs: 100, seed: 1 });
        expect(
          failures.some((failure) => problem.test(failure.problem)),
          JSON.stringify(failures[0]),
        ).to.equal(true);
      } finally {
        await server.close();
      }
    });
  }

  it("are the same with the same seed, and others with another", () => {
    const [first, again, other] = [7, 7, 8].map((seed) => fc.sample(fuzzRequests(tokens), { seed, numRuns: 200 }));
    expect(again).to.deep.equal(first);
    expect(other).not.to.deep.equal(first);
  });
});
