import { expect } from "chai";
import { FORM_TYPES } from "../support/form-types.js";
import { sendRaw, request } from "../support/raw-http.js";
import { PASSWORD, testContext } from "../support/test-context.js";

/*
 * What a page of another site can make a browser send without asking first (CORS): GET and POST, no header of its own,
 * and a Content-Type that a form can have, or none at all. Here as bytes, because clients add what browsers do not.
 */

function send(context: { url: string }, path: string, types: readonly string[], body: string) {
  const lines = types.map((type) => `Content-Type: ${type}`);
  const head = [`POST ${path} HTTP/1.1`, "Host: janus.test", ...lines, `Content-Length: ${Buffer.byteLength(body)}`];
  return sendRaw(context.url, `${head.join("\r\n")}\r\n\r\n${body}`);
}

describe("a form of another site", () => {
  const context = testContext({ JWT_QUERY_BATCH_LIMIT: "5" });

  for (const types of FORM_TYPES) {
    it(`cannot call an operation by POST with ${JSON.stringify(types)}`, async () => {
      const { username } = await context.createUser();
      const login = { username, password: PASSWORD };
      const query = `mutation { tokenAuth(username: "${username}", password: "${PASSWORD}") { token } }`;
      const json = JSON.stringify({ query });
      const multipart = `--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n${username}\r\n--x--\r\n`;
      for (const [path, body] of [
        ["/graphql", json],
        ["/graphql", `[${json}]`],
        // A text field of a form puts a = somewhere.
        ["/graphql", JSON.stringify({ query, "=": "" })],
        ["/graphql", `query=${encodeURIComponent(query)}`],
        [`/graphql?query=${encodeURIComponent(query)}`, ""],
        ["/trpc/auth.tokenAuth", JSON.stringify(login)],
        ["/trpc/auth.tokenAuth?batch=1", JSON.stringify({ 0: login })],
        ["/trpc/auth.tokenAuth", multipart],
        // These take no input at all.
        ["/trpc/auth.deleteTokenCookie", ""],
        ["/trpc/auth.revokeOtherSessions", multipart],
      ] as const) {
        const [answer] = await send(context, path, types, body);
        expect(answer?.status, `${path} ${body}`).to.equal(415);
        expect(answer?.body).to.include("UNSUPPORTED_MEDIA_TYPE");
        expect(answer?.headers).not.to.have.property("set-cookie");
      }
      expect(context.hasher.runs).to.equal(0);
      expect(context.events).to.deep.equal([]);
    });
  }

  it("is told by no CORS header that it may", async () => {
    for (const path of ["/graphql", "/trpc/auth.tokenAuth"]) {
      const [answer] = await sendRaw(
        context.url,
        request("OPTIONS", path, {
          Origin: "https://other.example",
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "content-type",
        }),
      );
      const cors = Object.keys(answer?.headers ?? {}).filter((name) => name.startsWith("access-control"));
      expect(cors).to.deep.equal([]);
    }
  });
});

const MESSAGE = "CSRF check failed: send the header GraphQL-Require-Preflight or X-Requested-With with GET requests";

/** Queries by GET on each face, and what a page of ours reads in the answer. */
const QUERIES = {
  GraphQL: `/graphql?query=${encodeURIComponent("{ me { username } }")}`,
  tRPC: "/trpc/auth.me",
  "a tRPC batch": "/trpc/auth.me,auth.me?batch=1",
};

for (const profile of ["documented", "hardened"]) {
  describe(`a GET with cookies, ${profile} profile`, () => {
    const context = testContext({ JWT_PROFILE: profile, JWT_COOKIES: "true" });
    const prefix = profile === "hardened" ? "__Host-" : "";

    /** @param headers beside the cookie */
    async function get(path: string, headers: Record<string, string>) {
      const { token, username } = await context.login();
      const cookie = `${prefix}JWT=${token}; ${prefix}csrftoken=x`;
      const [answer] = await sendRaw(context.url, request("GET", path, { Cookie: cookie, ...headers }));
      if (!answer) throw new Error("no answer");
      return { ...answer, isForUser: answer.body.includes(username) };
    }

    for (const [name, path] of Object.entries(QUERIES)) {
      for (const headers of [
        {},
        { "Sec-Fetch-Site": "cross-site" },
        { "Sec-Fetch-Site": "same-site" },
        { "Sec-Fetch-Site": "" },
        { "Content-Type": "text/plain" },
        { Accept: "application/json", "Accept-Language": "x", "Content-Language": "x" },
      ] as Record<string, string>[]) {
        it(`${profile === "hardened" ? "is refused" : "is answered"} over ${name} with ${JSON.stringify(headers)}`, async () => {
          const { status, body, isForUser } = await get(path, headers);
          if (profile === "documented") return void expect(isForUser).to.equal(true);
          expect([status, isForUser]).to.deep.equal([403, false]);
          expect(body).to.include("CSRF_FAILED").and.to.include(MESSAGE);
        });
      }

      for (const headers of [
        { "Sec-Fetch-Site": "same-origin" },
        { "Sec-Fetch-Site": "none" },
        { "GraphQL-Require-Preflight": "1" },
        { "Apollo-Require-Preflight": "true" },
        { "GraphQL-Preflight": "1" },
        { "X-Apollo-Operation-Name": "Me" },
        { "X-Requested-With": "XMLHttpRequest" },
        { "X-CSRFToken": "x" },
      ] as Record<string, string>[]) {
        it(`is answered over ${name} with ${JSON.stringify(headers)}`, async () => {
          expect(await get(path, headers)).to.include({ status: 200, isForUser: true });
        });
      }

      it(`is answered over ${name} with the token in the header`, async () => {
        const { token } = await context.login();
        const answer = await get(path, { Authorization: `JWT ${token}` });
        expect(answer.status).to.equal(200);
      });
    }

    it("without them is nobody's, and answered", async () => {
      const [answer] = await sendRaw(context.url, request("GET", QUERIES.GraphQL, { Cookie: "theme=dark" }));
      expect(JSON.parse(answer?.body ?? "")).to.deep.equal({ data: { me: null } });
    });
  });
}
