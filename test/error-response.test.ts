import { expect } from "chai";
import { errorResponse } from "../src/error-response.js";
import { ForbiddenError, JsonWebTokenError, ServiceUnavailableError, TokenExpiredError } from "../src/errors.js";
import type { HttpResponse } from "../src/http-response.js";
import { createSettings } from "../src/settings/create-settings.js";
import { HandlerError } from "../src/settings/handler-error.js";
import type { UnauthorizedResponseHandler } from "../src/settings/handlers.js";

const JSON_TYPE = "application/json; charset=utf-8";
const INTERNAL = {
  status: 500,
  body: { errors: [{ message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } }] },
};

describe("errorResponse", () => {
  let told: unknown[];
  beforeEach(() => void (told = []));

  async function answer(error: unknown, trpc = false, handler?: UnauthorizedResponseHandler): Promise<HttpResponse> {
    const values = handler ? { unauthorizedResponseHandler: handler } : {};
    const { settings } = await createSettings({ secretKey: "a secret key", values });
    const request = { method: "POST", url: "/anything", headers: {} };
    return errorResponse(settings, { request, error, trpc, onServerError: (cause) => told.push(cause) });
  }

  const parsed = ({ status, body }: HttpResponse) => ({ status, body: JSON.parse(body) as unknown });

  it("answers a bad token by the handler, and tells nobody", async () => {
    expect(
      await answer(new TokenExpiredError(), false, () => ({ status: 418, headers: {}, body: "tea" })),
    ).to.deep.equal({
      status: 418,
      headers: { "www-authenticate": 'JWT error="invalid_token"' },
      body: "tea",
    });
    expect(told).to.deep.equal([]);
  });

  it("takes headers of the handler in any case", async () => {
    const headers = { "WWW-Authenticate": "Bearer", "Content-Type": "text/html" };
    const page = () => ({ status: 401, headers, body: "<p>" });
    const lower = { "www-authenticate": "Bearer", "content-type": "text/html" };
    expect((await answer(new JsonWebTokenError(), false, page)).headers).to.deep.equal(lower);
    const overTrpc = await answer(new JsonWebTokenError(), true, page);
    expect(overTrpc.headers).to.deep.equal({ ...lower, "content-type": JSON_TYPE });
    expect(parsed(overTrpc)).to.deep.equal({
      status: 401,
      body: {
        error: {
          code: -32001,
          message: "Invalid token",
          data: { code: "UNAUTHORIZED", httpStatus: 401, errorCode: "INVALID_TOKEN" },
        },
      },
    });
  });

  it("answers 500 where the handler fails, and tells which one", async () => {
    const response = await answer(new JsonWebTokenError(), false, () => {
      throw new Error("no template");
    });
    expect(parsed(response)).to.deep.equal(INTERNAL);
    const [error, ...others] = told as HandlerError[];
    expect(others).to.deep.equal([]);
    expect(error).to.be.instanceOf(HandlerError);
    expect(error?.message).to.equal("The handler in the setting unauthorizedResponseHandler threw an error.");
  });

  it("answers 401 where the handler throws the error that it was given", async () => {
    const response = await answer(new TokenExpiredError(), false, (_request, error) => {
      throw error;
    });
    expect(parsed(response)).to.deep.equal({
      status: 401,
      body: { errors: [{ message: "Signature has expired", extensions: { code: "TOKEN_EXPIRED" } }] },
    });
    expect(told).to.deep.equal([]);
  });

  it("answers every other error of ours with its status and code", async () => {
    expect(parsed(await answer(new ForbiddenError()))).to.deep.equal({
      status: 403,
      body: {
        errors: [{ message: "You do not have permission to perform this action", extensions: { code: "FORBIDDEN" } }],
      },
    });
    expect(told).to.deep.equal([]);
    const unavailable = await answer(new ServiceUnavailableError(), true);
    expect(unavailable.status).to.equal(503);
    expect(unavailable.headers).to.deep.equal({
      "content-type": JSON_TYPE,
      "cache-control": "no-store",
      "retry-after": "1",
    });
    expect(JSON.parse(unavailable.body)).to.have.nested.property("error.data.errorCode", "SERVICE_UNAVAILABLE");
  });

  /** Errors as frameworks and their middlewares throw them, with what a client must not read. */
  const SECRET = "Unexpected token in {password: hunter2";
  const REFUSALS: Readonly<Record<string, [error: object, status: number, code: string]>> = {
    "body-parser's, of malformed JSON": [{ status: 400, statusCode: 400, expose: true }, 400, "BAD_REQUEST"],
    "body-parser's, of a large body": [{ status: 413, expose: true }, 413, "PAYLOAD_TOO_LARGE"],
    "Fastify's, of a type": [
      { statusCode: 415, code: "FST_ERR_CTP_INVALID_MEDIA_TYPE" },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    "of a CSRF middleware": [{ status: 403, expose: true }, 403, "FORBIDDEN"],
    "of a rate limit": [{ statusCode: 429, expose: true }, 429, "TOO_MANY_REQUESTS"],
    "of a status without a code of its own": [{ status: 422, expose: true }, 422, "BAD_REQUEST"],
  };
  for (const [name, [properties, status, code]] of Object.entries(REFUSALS)) {
    it(`keeps the status of a framework's refusal, and not its message: ${name}`, async () => {
      for (const trpc of [false, true]) {
        const response = await answer(Object.assign(new Error(SECRET), properties), trpc);
        expect(response.status).to.equal(status);
        expect(response.headers).to.not.have.property("retry-after");
        expect(JSON.parse(response.body)).to.have.nested.property(
          trpc ? "error.data.errorCode" : "errors[0].extensions.code",
          code,
        );
        expect(response.body).to.not.match(/hunter2|stack/);
      }
      expect(told).to.deep.equal([]);
    });
  }

  it("tells an error with a status that does not say whom it is for: it may come from anywhere", async () => {
    const error = Object.assign(new Error("GET /members 404"), { status: 404 });
    expect((await answer(error)).status).to.equal(404);
    expect(told).to.deep.equal([error]);
  });

  for (const properties of [{ status: 400, expose: false }, { status: 503 }, { status: 200 }, { status: "400" }]) {
    it(`answers 500 to an error with ${JSON.stringify(properties)}`, async () => {
      const error = Object.assign(new Error(SECRET), properties);
      expect(parsed(await answer(error))).to.deep.equal(INTERNAL);
      expect(told).to.deep.equal([error]);
    });
  }

  it("shows nothing of any other error, and tells it", async () => {
    const error = new TypeError("undefined is not a recipe");
    expect(parsed(await answer(error))).to.deep.equal(INTERNAL);
    expect(parsed(await answer(error, true))).to.have.nested.property("body.error.message", "Internal server error");
    expect(told).to.deep.equal([error, error]);
  });
});
