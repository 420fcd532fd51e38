import { expect } from "chai";
import { PASSWORD, testContext } from "../support/test-context.js";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

describe("tRPC over HTTP", () => {
  const context = testContext();

  async function call(method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${context.url}/trpc/${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(body !== undefined && { headers: { "content-type": "application/json" } }),
    });
    expect(response.headers.get("content-type")).to.match(/^application\/json/);
    return { status: response.status, body: await response.json() };
  }

  function errorBody(message: string, code: number, data: object): object {
    return { error: { message, code, data } };
  }

  it("answers a query by GET and a mutation by POST, as tRPC writes it", async () => {
    expect(await call("GET", "auth.me")).to.deep.equal({ status: 200, body: { result: { data: null } } });
    const verified = await call("POST", "auth.verifyToken", { token: context.token({ username: "ghost" }) });
    expect(verified.status).to.equal(401); // The hardened profile wants a session; what counts here is the envelope.
    expect(verified.body).to.deep.equal(
      errorBody("Invalid token", -32001, {
        code: "UNAUTHORIZED",
        httpStatus: 401,
        path: "auth.verifyToken",
        errorCode: "INVALID_TOKEN",
      }),
    );
  });

  for (const [method, path, body, kinds] of [
    ["POST", "auth.me", {}, "query"],
    ["GET", 'auth.tokenAuth?input={"username":"a","password":"b"}', undefined, "mutation"],
  ] as const) {
    it(`answers 405 to a ${kinds} by ${method}`, async () => {
      const answer = await call(method, path, body);
      expect(answer.status).to.equal(405);
      const [procedure] = path.split("?");
      expect(answer.body).to.deep.equal(
        errorBody(`Unsupported ${method}-request to ${kinds} procedure at path "${procedure}"`, -32005, {
          code: "METHOD_NOT_SUPPORTED",
          httpStatus: 405,
          path: procedure,
          errorCode: "METHOD_NOT_ALLOWED",
        }),
      );
      expect(context.hasher.runs).to.equal(0);
    });
  }

  for (const path of [
    "nothing",
    "auth",
    "auth.",
    "auth.me.",
    "auth.me.x",
    "auth.__proto__",
    "auth.constructor",
    "toString",
  ]) {
    it(`answers 404 to the procedure ${path}`, async () => {
      const answer = await call("GET", path);
      expect(answer.status).to.equal(404);
      expect(answer.body).to.deep.equal(
        errorBody(`No procedure found on path "${path}"`, -32004, {
          code: "NOT_FOUND",
          httpStatus: 404,
          path,
          errorCode: "NOT_FOUND",
        }),
      );
    });
  }

  /** Inputs as they come over HTTP, and the message; all of them 400. */
  const BAD_INPUTS: [procedure: string, body: unknown, message: string][] = [
    ["auth.tokenAuth", {}, "username must be a string; password must be a string"],
    ["auth.tokenAuth", "null", "The input must be an object"],
    ["auth.tokenAuth", "[]", "The input must be an object"],
    ["auth.tokenAuth", '"text"', "The input must be an object"],
    ["auth.tokenAuth", { username: "a", password: 5 }, "password must be a string"],
    ["auth.tokenAuth", { username: "a", password: "b", remember: true }, "remember is not an argument"],
    ["auth.tokenAuth", '{"username":"a","password":"b","__proto__":{}}', "__proto__ is not an argument"],
    ["auth.verifyToken", { token: 5 }, "token must be a string"],
    ["auth.verifyToken", { jwt: "a" }, "jwt is not an argument"],
    ["auth.refreshToken", { refreshToken: ["a"] }, "refreshToken must be a string"],
    ["auth.refreshToken", { token: {}, refreshToken: 1 }, "token must be a string; refreshToken must be a string"],
    ["auth.revokeToken", { refreshToken: true }, "refreshToken must be a string"],
    ["auth.revokeToken", { token: "a" }, "token is not an argument"],
  ];
  for (const [procedure, body, message] of BAD_INPUTS) {
    it(`answers 400 to ${procedure} with ${JSON.stringify(body)}`, async () => {
      const data = { code: "BAD_REQUEST", httpStatus: 400, path: procedure, errorCode: "BAD_USER_INPUT" };
      const answer = await call("POST", procedure, body);
      expect(answer).to.deep.equal({ status: 400, body: errorBody(message, -32600, data) });
      expect(context.hasher.runs).to.equal(0);
    });
  }

  it("answers 400 to a body that is no JSON, without a piece of it", async () => {
    const answer = await call("POST", "auth.tokenAuth", '{"password":"hunter2"');
    expect(answer.status).to.equal(400);
    expect(JSON.stringify(answer.body)).not.to.include("hunter");
    expect(answer.body).to.have.nested.property("error.data.errorCode", "BAD_REQUEST");
  });

  it("answers a batch with one answer for each call, in their order", async () => {
    const { username } = await context.createUser();
    const batch = { 0: { username, password: "wrong" }, 1: { username, password: PASSWORD }, 2: { token: "garbage" } };
    const answer = await call("POST", "auth.tokenAuth,auth.tokenAuth,auth.verifyToken?batch=1", batch);
    expect(answer.status).to.equal(207);
    const [wrong, right, garbage, ...others] = answer.body as Record<string, Record<string, unknown>>[];
    expect(others).to.deep.equal([]);
    expect(wrong?.["error"]).to.include({ message: "Please enter valid credentials" });
    expect(right).to.have.nested.property("result.data.user.username", username);
    expect(garbage?.["error"]).to.include({ message: "Error decoding signature" });
  });

  it("streams a batch, each answer as soon as it is there", async () => {
    const response = await fetch(`${context.url}/trpc/auth.me,auth.me?batch=1&input=%7B%7D`, {
      headers: { "trpc-accept": "application/jsonl" },
    });
    expect(response.status).to.equal(200);
    const lines = (await response.text()).trim().split("\n");
    expect(lines.length).to.be.greaterThan(1);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.to.throw();
  });
});
