import { expect } from "chai";
import { JsonWebTokenError, TokenExpiredError, UserDisabledError } from "../../src/errors.js";
import { httpResponseHandler, jsonResponseHandler, unauthorizedResponse } from "../../src/request/unauthorized.js";
import { HandlerError } from "../../src/settings/handler-error.js";
import type { UnauthorizedResponseHandler } from "../../src/settings/handlers.js";
import { JwtSettings } from "../../src/settings/jwt-settings.js";
import { testContext } from "../support/test-context.js";
import { jsonRefusal, trpcRefusal } from "../support/unauthorized-answers.js";

const request = { headers: {} };

const ERRORS = [
  [new TokenExpiredError(), "Token expired"],
  [new JsonWebTokenError(), "Invalid token"],
  [new UserDisabledError(), "Invalid token"],
] as const;

for (const [error, message] of ERRORS) {
  describe(`the built-in handlers, for "${error.message}"`, () => {
    it("answer JSON", async () => {
      const { status, headers, body } = await jsonResponseHandler(request, error);
      expect(status).to.equal(401);
      expect(headers).to.deep.equal({ "content-type": "application/json; charset=utf-8" });
      expect(JSON.parse(body)).to.deep.equal(jsonRefusal(message));
    });

    it("answer plain text", async () => {
      const answer = await httpResponseHandler(request, error);
      const headers = { "content-type": "text/plain; charset=utf-8" };
      expect(answer).to.deep.equal({ status: 401, headers, body: message });
    });
  });
}

describe("unauthorizedResponse", () => {
  function respond(handler: UnauthorizedResponseHandler | "jsonResponseHandler", prefixes = ["JWT"]) {
    const settings = { unauthorizedResponseHandler: handler, authHeaderPrefix: prefixes };
    return unauthorizedResponse(Object.assign(new JwtSettings(), settings), request, new TokenExpiredError());
  }

  it("names every scheme that would do", async () => {
    const { headers } = await respond("jsonResponseHandler", ["JWT", "Bearer"]);
    expect(headers["www-authenticate"]).to.equal('JWT error="invalid_token", Bearer error="invalid_token"');
  });

  it("gives a handler of one's own the request and the error, and answers what it says", async () => {
    const seen: unknown[] = [];
    const answer = await respond(async (...given) => {
      seen.push(...given);
      return { status: 403, headers: { "www-authenticate": "Custom", "x-a": "b" }, body: "no" };
    });
    expect(seen[0]).to.equal(request);
    expect(seen[1]).to.be.instanceOf(TokenExpiredError);
    expect(answer).to.deep.equal({ status: 403, headers: { "www-authenticate": "Custom", "x-a": "b" }, body: "no" });
  });

  const broken: [name: string, handler: () => unknown, message: string][] = [
    ["throws", () => expect.fail("inner"), "threw an error"],
    ["answers nothing", () => undefined, "has to answer { status, headers, body }"],
    ["answers no body", () => ({ status: 401, headers: {} }), "has to answer { status, headers, body }"],
    ["answers no headers", () => ({ status: 401, body: "" }), "has to answer { status, headers, body }"],
    [
      "answers text for a status",
      () => ({ status: "401", headers: {}, body: "" }),
      "has to answer { status, headers, body }",
    ],
  ];
  for (const [name, handler, message] of broken) {
    it(`says which handler it is that ${name}`, async () => {
      const outcome: unknown = await respond(handler as never).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(HandlerError);
      expect((outcome as Error).message).to.equal(`The handler in the setting unauthorizedResponseHandler ${message}.`);
    });
  }
});

describe("httpResponseHandler over HTTP", () => {
  const context = testContext({ JWT_UNAUTHORIZED_RESPONSE_HANDLER: "httpResponseHandler" });
  const headers = { authorization: "JWT garbage" };

  for (const path of ["/graphql", "/nowhere"]) {
    it(`answers ${path} in plain text`, async () => {
      const response = await fetch(context.url + path, { headers });
      expect(response.status).to.equal(401);
      expect(response.headers.get("content-type")).to.equal("text/plain; charset=utf-8");
      expect(response.headers.get("www-authenticate")).to.equal('JWT error="invalid_token"');
      expect(await response.text()).to.equal("Invalid token");
    });
  }

  it("leaves tRPC its envelope", async () => {
    const response = await fetch(`${context.url}/trpc/auth.me`, { headers });
    expect(response.status).to.equal(401);
    expect(response.headers.get("content-type")).to.equal("application/json; charset=utf-8");
    expect(await response.json()).to.deep.equal(trpcRefusal("Invalid token"));
  });
});
