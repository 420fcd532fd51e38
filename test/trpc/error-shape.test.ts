import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { expect } from "chai";
import { type AuthContext, createTrpc, ServiceUnavailableError, TokenExpiredError } from "../../src/index.js";
import { withListener } from "../support/listen.js";

const { router, publicProcedure } = createTrpc();

/** What `createContext` throws, and the whole answer. */
const THROWN: readonly [error: Error, code: number, data: { httpStatus: number; code: string; errorCode: string }][] = [
  [new TokenExpiredError(), -32_001, { code: "UNAUTHORIZED", httpStatus: 401, errorCode: "TOKEN_EXPIRED" }],
  [
    new ServiceUnavailableError(),
    -32_603,
    { code: "SERVICE_UNAVAILABLE", httpStatus: 503, errorCode: "SERVICE_UNAVAILABLE" },
  ],
  [
    new Error("no context"),
    -32_603,
    { code: "INTERNAL_SERVER_ERROR", httpStatus: 500, errorCode: "INTERNAL_SERVER_ERROR" },
  ],
];

describe("formatTRPCError, of what a host application's createContext throws", () => {
  for (const [thrown, code, data] of THROWN) {
    it(`says one thing in every part of the answer: ${thrown.constructor.name}`, async () => {
      let ran = false;
      const routes = router({ hi: publicProcedure.query(() => (ran = true)) });
      const createContext = (): Promise<AuthContext> => Promise.reject(thrown);
      await withListener(
        (req, res) => void nodeHTTPRequestHandler({ router: routes, req, res, path: "hi", createContext }),
        async (url) => {
          const answer = await fetch(url);
          const message = "code" in thrown ? thrown.message : "Internal server error";
          expect(answer.status).to.equal(data.httpStatus);
          expect(await answer.json()).to.deep.equal({ error: { message, code, data: { ...data, path: "hi" } } });
        },
      );
      expect(ran).to.equal(false);
    });
  }
});
