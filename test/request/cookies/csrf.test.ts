import { expect } from "chai";
import { type Auth, type AuthUser, createAuth, CsrfError, type RequestInfo } from "../../../src/index.js";
import { forge, SECRET_KEY } from "../../support/forge.js";

const ALICE: AuthUser = { id: "1", username: "alice", isActive: true };
const MESSAGE = "CSRF check failed: send the value of the CSRF cookie in the header X-CSRFToken";
const DELETED = "Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly";

/** A host application's auth service, of one user. */
function host(): Promise<Auth> {
  const users = { findByNaturalKey: async () => ALICE, checkPassword: async () => false };
  return createAuth({ users, secretKey: SECRET_KEY, settings: { cookies: true } });
}

async function outcomeOf(request: RequestInfo, user?: AuthUser): Promise<unknown> {
  const auth = await host();
  return auth.context(request, user).then(
    (context) => context.user,
    (error: unknown) => error,
  );
}

const token = forge({ username: "alice" });

describe("the proof that a page of ours sent a request with cookies", () => {
  const cookie = `JWT=${token}; csrftoken=proof`;

  for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE", "get", undefined]) {
    it(`is asked for where the method is ${method ?? "not known"}`, async () => {
      const refused = await outcomeOf({ method, headers: { cookie } });
      expect(refused).to.be.an.instanceof(CsrfError);
      expect(refused).to.deep.include({ code: "CSRF_FAILED", message: MESSAGE, setCookies: [] });
      for (const wrong of ["proo", "proofx", "xproof", "PROOF", ""]) {
        expect(await outcomeOf({ method, headers: { cookie, "x-csrftoken": wrong } })).to.be.an.instanceof(CsrfError);
      }
      expect(await outcomeOf({ method, headers: { cookie, "x-csrftoken": "proof" } })).to.equal(ALICE);
    });
  }

  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    it(`is not asked for where the method is ${method}`, async () => {
      expect(await outcomeOf({ method, headers: { cookie } })).to.equal(ALICE);
    });
  }

  it("is asked for of a user whom the host has authenticated too: the operations use the cookies", async () => {
    const bob: AuthUser = { id: "2", username: "bob", isActive: true };
    expect(await outcomeOf({ method: "POST", headers: { cookie } }, bob)).to.be.an.instanceof(CsrfError);
    expect(await outcomeOf({ method: "POST", headers: { cookie, "x-csrftoken": "proof" } }, bob)).to.equal(bob);
  });

  for (const trpc of [false, true]) {
    it(`lost with its cookie, lets the answer delete the others, ${trpc ? "in tRPC's envelope" : "outside tRPC"}`, async () => {
      const auth = await host();
      const request = { method: "POST", headers: { cookie: `JWT=${token}` } };
      const error: unknown = await auth.context(request).catch((reason: unknown) => reason);
      const onServerError = () => expect.fail("the client is to blame");
      const { status, headers, body } = await auth.errorResponse({ request, error, trpc, onServerError });
      expect(status).to.equal(403);
      expect(headers).to.deep.equal({
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "set-cookie": [`JWT=; ${DELETED}`, `JWT-refresh-token=; ${DELETED}`],
      });
      expect(body).to.include(MESSAGE);
    });
  }
});
