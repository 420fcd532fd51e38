import type { RequestListener } from "node:http";
import { expect } from "chai";
import { converse } from "../../bench/load/conversation.js";
import type { Amount, ExchangePlan, FixedPlan, Plan } from "../../bench/load/plan.js";
import { sendLoad } from "../../bench/load/send-load.js";
import { withListener } from "../support/listen.js";

const AMOUNT: Amount = { time: 10_000, requests: 20, connections: 4 };
const FIXED: FixedPlan = { kind: "fixed", requests: [{ method: "GET", path: "/" }], status: 200, body: "right" };
const EXCHANGE: ExchangePlan = {
  kind: "exchange",
  request: { method: "POST", path: "/", body: '{"token":"TOKEN"}' },
  tokens: ["a0", "b0", "c0", "d0", "e0"],
  successor: "next",
};

/** What comes of a load on this listener. */
async function load(plan: Plan, listener: RequestListener, amount: Amount = AMOUNT) {
  const conversations = Array.from({ length: amount.connections }, (_, i) => converse(plan, i, amount.connections));
  return withListener(listener, (url) => sendLoad(conversations, [url], amount));
}

describe("the load generator", () => {
  it("sends so many requests, and counts no error where each answer is right", async () => {
    let requests = 0;
    const figures = await load(FIXED, (_, res) => {
      requests += 1;
      res.end("right");
    });
    expect(figures).to.include({ requests: 20, errors: 0, firstError: "" });
    expect(requests).to.equal(20);
    expect(figures.p50).to.be.above(0);
    expect(figures.p99).to.be.at.least(figures.p50);
  });

  for (const [what, listener, message] of [
    ["another body", (_, res) => res.end("wrong"), "200 wrong instead of right"],
    ["another status", (_, res) => res.writeHead(500).end("right"), "500 right instead of right"],
    ["a cut connection", (req) => req.socket.destroy(), "the server closed the connection"],
  ] satisfies [string, RequestListener, string][]) {
    it(`counts ${what} as an error`, async () => {
      const figures = await load(FIXED, listener);
      expect(figures.errors).to.equal(figures.requests);
      expect(figures.firstError).to.equal(message);
    });
  }

  it("exchanges each token for its successor, and none twice", async () => {
    const seen: string[] = [];
    const figures = await load(EXCHANGE, (req, res) => {
      let body = "";
      req.on("data", (text: Buffer) => (body += text.toString()));
      req.on("end", () => {
        const { token } = JSON.parse(body) as { token: string };
        seen.push(token);
        res.end(JSON.stringify({ next: (token[0] ?? "") + String(Number(token.slice(1)) + 1) }));
      });
    });
    expect(figures).to.include({ requests: 20, errors: 0 });
    expect(new Set(seen).size).to.equal(20);
  });

  it("takes the same token again for an error", async () => {
    const figures = await load(EXCHANGE, (_, res) => res.end('{"next":"a0"}'), { ...AMOUNT, connections: 1 });
    expect(figures.firstError).to.equal("the same token was answered back");
  });

  it("asks for a text where answers differ", async () => {
    const plan: Plan = { kind: "varying", request: { method: "GET", path: "/" }, texts: ["a.b"] };
    const right = await load(plan, (_, res) => res.end('{"a":{"b":"x"}}'));
    const wrong = await load(plan, (_, res) => res.end('{"a":{"b":""}}'));
    expect([right.errors, wrong.errors]).to.deep.equal([0, 20]);
    expect(wrong.firstError).to.equal('200 {"a":{"b":""}} without a.b');
  });

  it("stops when its time is over", async () => {
    const figures = await load(FIXED, (_, res) => res.end("right"), { ...AMOUNT, time: 50, requests: 1e9 });
    expect(figures.requests).to.be.above(0);
    expect(figures.errors).to.equal(0);
  });
});
