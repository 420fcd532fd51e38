import type { IncomingMessage, ServerResponse } from "node:http";
import { expect } from "chai";
import { createAuth } from "../../src/create-auth.js";
import { JsonWebTokenError, TokenExpiredError, UserDisabledError } from "../../src/errors.js";
import { httpResponseHandler, jsonResponseHandler, unauthorizedResponse } from "../../src/request/unauthorized.js";
import { HandlerError } from "../../src/settings/handler-error.js";
import type { UnauthorizedResponseHandler } from "../../src/settings/handlers.js";
import { JwtSettings } from "../../src/settings/jwt-settings.js";
import { sendResponse } from "../../src/send-response.js";
import { SECRET_KEY } from "../support/forge.js";
import { withListener } from "../support/listen.js";
import { secondServer } from "../support/second-server.js";
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

describe("a handler that answers a list for a header", () => {
  const context = testContext();
  const second = secondServer(context);
  const headers = { authorization: "JWT garbage" };

  /** Two cookies, and more than one value of a header that every answer of the server has. */
  async function authOf() {
    return createAuth({
      users: context.server.application.users,
      secretKey: SECRET_KEY,
      settings: {
        unauthorizedResponseHandler: () => ({
          status: 401,
          headers: { "Set-Cookie": ["a=1", "b=2"], "cache-control": ["no-cache", "private"] },
          body: "log in",
        }),
      },
    });
  }

  async function expectSent(url: string): Promise<Response> {
    const response = await fetch(url, { headers });
    expect(response.status).to.equal(401);
    expect(response.headers.getSetCookie()).to.deep.equal(["a=1", "b=2"]);
    expect(response.headers.get("cache-control")?.split(/, ?/)).to.deep.equal(["no-cache", "private"]);
    return response;
  }

  it("is sent as it is by the server, in tRPC's envelope too", async () => {
    const url = await second.start({ auth: await authOf() });
    for (const path of ["/graphql?query={me{id}}", "/nowhere"]) {
      expect(await (await expectSent(url + path)).text()).to.equal("log in");
    }
    for (const path of ["/trpc/auth.me", "/trpc/nowhere"]) {
      expect(await (await expectSent(url + path)).json()).to.deep.equal(trpcRefusal("Invalid token"));
    }
    expect(second.alarms).to.deep.equal([]);
  });

  it("is sent as it is with Node's HTTP server", async () => {
    const auth = await authOf();
    const serverErrors: unknown[] = [];
    const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
      const error: unknown = await auth.context(incoming).catch((thrown: unknown) => thrown);
      const onServerError = (cause: unknown) => serverErrors.push(cause);
      sendResponse(response, await auth.errorResponse({ request: incoming, error, onServerError }));
    };
    await withListener(
      (incoming, response) => void answer(incoming, response),
      async (url) => {
        expect(await (await expectSent(url)).text()).to.equal("log in");
      },
    );
    expect(serverErrors).to.deep.equal([]);
  });
});
