import { TRPCError, type TRPC_ERROR_CODE_KEY } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { expect } from "chai";
import { createTrpc, type ErrorCode } from "../../src/index.js";
import { testContext } from "../support/test-context.js";

/** What a host's procedure throws, the status that tRPC answers, and our code beside it. */
const CASES: readonly [TRPC_ERROR_CODE_KEY, number, ErrorCode][] = [
  ["BAD_REQUEST", 400, "BAD_REQUEST"],
  ["UNAUTHORIZED", 401, "UNAUTHENTICATED"],
  ["FORBIDDEN", 403, "FORBIDDEN"],
  ["NOT_FOUND", 404, "NOT_FOUND"],
  ["TIMEOUT", 408, "REQUEST_TIMEOUT"],
  ["CONFLICT", 409, "BAD_REQUEST"],
  ["TOO_MANY_REQUESTS", 429, "TOO_MANY_REQUESTS"],
  ["INTERNAL_SERVER_ERROR", 500, "INTERNAL_SERVER_ERROR"],
  ["NOT_IMPLEMENTED", 501, "NOT_SUPPORTED"],
  ["BAD_GATEWAY", 502, "SERVICE_UNAVAILABLE"],
  ["SERVICE_UNAVAILABLE", 503, "SERVICE_UNAVAILABLE"],
  ["GATEWAY_TIMEOUT", 504, "SERVICE_UNAVAILABLE"],
];

describe("tRPC's own error of a host", () => {
  const context = testContext();

  for (const [code, status, errorCode] of CASES) {
    it(`${code} is ${errorCode}: a fault of the server is none of the request`, async () => {
      const { router, publicProcedure } = createTrpc();
      const fail = publicProcedure.query(() => {
        throw new TRPCError({ code, message: "as the host says" });
      });
      const response = await fetchRequestHandler({
        router: router({ fail }),
        req: new Request("http://host.example/trpc/fail"),
        endpoint: "/trpc",
        createContext: () => context.server.application.auth.context({ method: "GET", url: "/", headers: {} }),
      });
      const { error } = (await response.json()) as { error: { data: object } };
      expect(response.status).to.equal(status);
      expect(error.data).to.include({ code, httpStatus: status, errorCode });
    });
  }
});
