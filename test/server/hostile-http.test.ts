import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { postRequest, request, sendRaw } from "../support/raw-http.js";
import { expectLogin, expectRefusal } from "../support/refusals.js";
import { testContext } from "../support/test-context.js";

type Row = readonly [name: string, bytes: string, status: number, code: string, message: string];

const MALFORMED = [400, "BAD_REQUEST", "The request is malformed"] as const;
const HEADERS_TOO_LARGE = [431, "REQUEST_HEADER_FIELDS_TOO_LARGE", "The request headers are too large"] as const;
const TOO_LARGE = [413, "PAYLOAD_TOO_LARGE", "The request body is too large"] as const;
const NOT_FOUND = [404, "NOT_FOUND", "There is nothing at this address"] as const;
const NOT_ALLOWED = [405, "METHOD_NOT_ALLOWED", "This method is not allowed here"] as const;
const NOT_ALLOWED_IN_GRAPHQL = [405, "METHOD_NOT_ALLOWED", "Only GET and POST are allowed"] as const;
const URI_TOO_LONG = [414, "URI_TOO_LONG", "The URL is too long"] as const;
const ENCODED = [415, "UNSUPPORTED_MEDIA_TYPE", "The Content-Encoding must be identity"] as const;
const UNSUPPORTED = [415, "UNSUPPORTED_MEDIA_TYPE", "The Content-Type must be application/json"] as const;

/** A thousand times as large, once it is inflated. */
const BOMB = gzipSync(Buffer.alloc(20_000_000, " ")).toString("latin1");

/** Headers that no client should send. */
const HEADERS: readonly Row[] = [
  ["a control character in a header", request("GET", "/healthz", { "X-A": "a\x01b" }), ...MALFORMED],
  ["a NUL byte in a header", request("GET", "/healthz", { "X-A": "a\0b" }), ...MALFORMED],
  ["a DEL in the token", request("GET", "/graphql", { Authorization: "JWT a\x7fb" }), ...MALFORMED],
  ["a NUL byte in the token", request("GET", "/trpc/auth.me", { Authorization: "JWT a\0b" }), ...MALFORMED],
  ["a line feed in the token", request("GET", "/graphql", { Authorization: "JWT a\nb" }), ...MALFORMED],
  ["a folded header", request("GET", "/healthz", { "X-A": "a\r\n b" }), ...MALFORMED],
  ["a header without a name", request("GET", "/healthz", { "": "x" }), ...MALFORMED],
  ["a header with a space in its name", request("GET", "/healthz", { "X A": "x" }), ...MALFORMED],
  ["a header of 1 MB", request("GET", "/healthz", { "X-A": "a".repeat(1e6) }), ...HEADERS_TOO_LARGE],
  ["a token of 1 MB", request("GET", "/healthz", { Authorization: `JWT ${"a".repeat(1e6)}` }), ...HEADERS_TOO_LARGE],
  ["101 headers", request("GET", "/healthz", manyHeaders(100)), ...HEADERS_TOO_LARGE],
  ["16 kB of small headers", request("GET", "/healthz", manyHeaders(2000)), ...HEADERS_TOO_LARGE],
  ["no Host", "GET /healthz HTTP/1.1\r\n\r\n", ...MALFORMED],
  ["two Hosts", request("GET", "/healthz", { host: "other.test" }), ...MALFORMED],
  ["an empty Host", request("GET", "/trpc/auth.me", { Host: "" }), ...MALFORMED],
  ["a Host with a space", request("GET", "/trpc/auth.me", { Host: "a b" }), ...MALFORMED],
  ["a Host with a path", request("GET", "/healthz", { Host: "a/b" }), ...MALFORMED],
  ["a Host with a user", request("GET", "/graphql", { Host: "a@b" }), ...MALFORMED],
  ["a Host beyond ASCII", request("GET", "/healthz", { Host: "b\u00fccher.example" }), ...MALFORMED],
  ["a Host with half a bracket", request("GET", "/trpc/auth.me", { Host: "[::1" }), ...MALFORMED],
  ["a Host with a port beyond all", request("GET", "/trpc/auth.me", { Host: "a:99999" }), ...MALFORMED],
  ["a length that is no number", request("POST", "/graphql", json({ "Content-Length": "two" }), "{}"), ...MALFORMED],
  ["a negative length", request("POST", "/graphql", { "Content-Length": "-1" }, "{}"), ...MALFORMED],
  ["two lengths", postRequest("/graphql", "{}", { "content-length": "3" }), ...MALFORMED],
  ["a length and chunks", postRequest("/graphql", "{}", { "Transfer-Encoding": "chunked" }), ...MALFORMED],
  ["a chunk whose size is no number", chunked("xyz\r\n{}\r\n"), ...MALFORMED],
  ["chunks of more than the limit", chunked(`20000\r\n${" ".repeat(0x20000)}\r\n0\r\n\r\n`), ...TOO_LARGE],
  ["chunks that add up to more than the limit", chunked(`${smallChunks(70)}0\r\n\r\n`), ...TOO_LARGE],
  ["chunks that never end", chunked(smallChunks(70)), ...TOO_LARGE],
  ["a length of 100 GB", request("POST", "/graphql", json({ "Content-Length": "99999999999" }), "{}"), ...TOO_LARGE],
];

/** What is not HTTP, or not this HTTP. */
const PROTOCOLS: readonly Row[] = [
  ["a TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", ...MALFORMED],
  ["HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ...MALFORMED],
  ["HTTP/3.0 in a request line", "GET / HTTP/3.0\r\nHost: janus.test\r\n\r\n", ...MALFORMED],
  ["lines that end with LF alone", "GET /healthz HTTP/1.1\nHost: janus.test\n\n", ...MALFORMED],
  ["an unknown method", request("FETCH", "/graphql"), ...MALFORMED],
  ["a method in lower case", request("get", "/healthz"), ...MALFORMED],
  ["a space in the path", request("GET", "/a b"), ...MALFORMED],
  ["a path without a slash", request("GET", "graphql"), ...MALFORMED],
  ["a path with a raw UTF-8 letter", request("GET", "/\xc3\xa9"), ...MALFORMED],
];

/** Addresses with nothing at them, and ones that are none. */
const ADDRESSES: readonly Row[] = [
  ["a broken percent-encoding", request("GET", "/%zz"), ...MALFORMED],
  ["a broken percent-encoding at the end", request("GET", "/graphql%"), ...MALFORMED],
  ["a broken percent-encoding in a tRPC path", request("GET", "/trpc/%E0%A4%A"), ...MALFORMED],
  ["percent-encoded bytes that are no UTF-8", request("GET", "/trpc/%ff"), ...MALFORMED],
  ["a NUL byte in the path", request("GET", "/%00"), ...NOT_FOUND],
  ["a way out of the root", request("GET", "/../../etc/passwd"), ...NOT_FOUND],
  ["an encoded way out of the root", request("GET", "/%2e%2e/%2e%2e/etc/passwd"), ...NOT_FOUND],
  ["a second slash", request("GET", "//graphql"), ...NOT_FOUND],
  ["a slash at the end of GraphQL's path", request("GET", "/graphql/?query={__typename}"), ...NOT_FOUND],
  ["a slash at the end of a health path", request("GET", "/healthz/"), ...NOT_FOUND],
  ["another case", request("GET", "/HEALTHZ"), ...NOT_FOUND],
  ["a path parameter", request("GET", "/graphql;x=1"), ...NOT_FOUND],
  ["tRPC without a procedure", request("GET", "/trpc"), ...NOT_FOUND],
  ["another server's address", request("GET", "http://evil.test/nothing"), ...NOT_FOUND],
  ["the asterisk, which is the root", request("OPTIONS", "*"), ...NOT_ALLOWED],
  ["a path of 8 kB", request("GET", `/${"a".repeat(8192)}`), ...URI_TOO_LONG],
  ["a path of 20 kB", request("GET", `/${"a".repeat(20_000)}`), ...HEADERS_TOO_LARGE],
  ["a body for an address with nothing at it", postRequest("/nothing", "{}"), ...NOT_FOUND],
  ["10 MB for an address with nothing at it", postRequest("/nothing", " ".repeat(1e7)), ...TOO_LARGE],
];

/** Every method on every address. */
const METHODS: readonly Row[] = ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"].flatMap((method): readonly Row[] => [
  [`${method} on GraphQL`, request(method, "/graphql?query={__typename}"), ...NOT_ALLOWED_IN_GRAPHQL],
  [`${method} on tRPC`, request(method, "/trpc/auth.me"), ...NOT_ALLOWED],
  [`${method} on a procedure that there is not`, request(method, "/trpc/x"), ...NOT_ALLOWED],
  [`${method} on /healthz`, request(method, "/healthz"), ...NOT_ALLOWED],
  [`${method} on /readyz`, request(method, "/readyz"), ...NOT_ALLOWED],
  [`${method} on nothing`, request(method, "/nothing"), ...NOT_FOUND],
]);

/** Bodies that are no JSON by their own account. */
const TYPES: readonly Row[] = ["/graphql", "/trpc/auth.tokenAuth"].flatMap((path): readonly Row[] => [
  [`multipart on ${path}`, typed(path, "multipart/form-data; boundary=x"), ...UNSUPPORTED],
  [`a form on ${path}`, typed(path, "application/x-www-form-urlencoded"), ...UNSUPPORTED],
  [`bytes on ${path}`, typed(path, "application/octet-stream"), ...UNSUPPORTED],
  [`text on ${path}`, typed(path, "text/plain"), ...UNSUPPORTED],
  [`a type that is none on ${path}`, typed(path, ";;;"), ...UNSUPPORTED],
  [`a type of 10 kB on ${path}`, typed(path, `application/${"x".repeat(10_000)}`), ...UNSUPPORTED],
  [`a body without a type on ${path}`, request("POST", path, { "Content-Length": "2" }, "{}"), ...UNSUPPORTED],
  [`gzip on ${path}`, encoded(path, "gzip"), ...ENCODED],
  [`a compression bomb on ${path}`, encoded(path, "gzip", BOMB), ...ENCODED],
  [`an encoding that is none on ${path}`, encoded(path, "x"), ...ENCODED],
  [`two encodings on ${path}`, encoded(path, "identity, br"), ...ENCODED],
  [`10 MB on ${path}`, postRequest(path, " ".repeat(1e7)), ...TOO_LARGE],
]);

describe("a hostile request", () => {
  const context = testContext();
  afterEach(() => expectLogin(context));

  const tables = { HEADERS, PROTOCOLS, ADDRESSES, METHODS, TYPES };
  for (const [table, rows] of Object.entries(tables)) {
    describe(`of the table ${table}`, () => {
      for (const [name, bytes, status, code, message] of rows) {
        it(`is refused with ${status}: ${name}`, async () => {
          await expectRefusal(context, { bytes, status, code, message });
        });
      }
    });
  }

  it("is told which methods there are", async () => {
    const allow = async (method: string, path: string) =>
      (await sendRaw(context.url, request(method, path)))[0]?.headers["allow"];
    expect(await allow("PUT", "/graphql")).to.equal("GET, POST");
    expect(await allow("PUT", "/trpc/auth.me")).to.equal("GET, POST");
    expect(await allow("PUT", "/healthz")).to.equal("GET, HEAD");
    expect(await allow("GET", "/trpc/auth.tokenAuth")).to.equal("POST");
    expect(await allow("HEAD", "/graphql")).to.equal("GET, POST");
  });

  it("is told which encoding there is", async () => {
    const [answer] = await sendRaw(context.url, encoded("/graphql", "gzip"));
    expect(answer?.headers["accept-encoding"]).to.equal("identity");
  });

  it("with a length that is too short leaves something behind that is no request, and ends the connection", async () => {
    const body = typename();
    const tooShort = request("POST", "/graphql", json({ "Content-Length": `${body.length}` }), `${body}}}`);
    const answers = await sendRaw(context.url, tooShort, 3);
    expect(answers.at(-1)).to.deep.include({ status: 400 });
    expect(answers.at(-1)?.headers["connection"]).to.equal("close");
  });

  it("is not authenticated by a header behind its body", async () => {
    const { token } = await context.login();
    const body = '{"query":"{me{username}}"}';
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\nAuthorization: JWT ${token}\r\n\r\n`;
    const [answer] = await sendRaw(context.url, chunked(chunk));
    expect(answer?.body).to.equal('{"data":{"me":null}}');
  });

  it("is not authenticated by a token in its URL, which logs and histories keep", async () => {
    const { token } = await context.login();
    for (const name of ["token", "access_token", "authorization", "jwt"]) {
      const [answer] = await sendRaw(context.url, request("GET", `/graphql?query={me{id}}&${name}=JWT%20${token}`));
      expect(answer?.body, name).to.equal('{"data":{"me":null}}');
    }
  });

  it("gets no answer but an end to CONNECT", async () => {
    expect(await sendRaw(context.url, request("CONNECT", "evil.test:80"))).to.deep.equal([]);
    expect(await sendRaw(context.url, request("CONNECT", "/graphql"))).to.deep.equal([]);
  });

  it("gets no body for HEAD", async () => {
    const statuses = {
      "/": 200,
      "/nothing": 404,
      "/graphql": 405,
      "/trpc/auth.me": 405,
      "/healthz": 200,
      "/readyz": 200,
    };
    for (const [path, status] of Object.entries(statuses)) {
      const [answer] = await sendRaw(context.url, request("HEAD", path));
      expect(answer, path).to.include({ status, body: "" });
    }
  });

  it("does not stand in the way of the next one on its connection", async () => {
    const bytes = request("GET", "/nothing") + request("PUT", "/healthz") + request("GET", "/healthz");
    const answers = await sendRaw(context.url, bytes, 3);
    expect(answers.map(({ status }) => status)).to.deep.equal([404, 405, 200]);
    expect(new Set(answers.map(({ headers }) => headers["x-request-id"])).size).to.equal(3);
  });
});

describe("an unusual request", () => {
  const context = testContext();

  const rows: readonly [name: string, bytes: string, body: unknown][] = [
    ["HTTP/1.0 without a Host", "GET /healthz HTTP/1.0\r\n\r\n", { status: "ok" }],
    ["an address in IPv6 as Host", request("GET", "/healthz", { Host: "[::1]:4000" }), { status: "ok" }],
    ["another server's address", request("GET", "http://evil.test/healthz"), { status: "ok" }],
    ["a query that no address wants", request("GET", "/healthz?x=%zz&__proto__=1"), { status: "ok" }],
    ["a body with GET", request("GET", "/healthz", json({ "Content-Length": "2" }), "{]"), { status: "ok" }],
    ["Accept-Version", request("GET", "/healthz", { "Accept-Version": "9.9.9" }), { status: "ok" }],
    ["an upgrade", request("GET", "/healthz", { Connection: "Upgrade", Upgrade: "websocket" }), { status: "ok" }],
    ["an unknown Expect", request("GET", "/healthz", { Expect: "200-maybe" }), { status: "ok" }],
    [
      "Expect: 100-continue",
      postRequest("/graphql", typename(), { Expect: "100-continue" }),
      { data: { __typename: "Query" } },
    ],
    ["a charset", typed("/graphql", "Application/JSON; Charset=UTF-8", typename()), { data: { __typename: "Query" } }],
    [
      "an encoded letter of the path",
      request("GET", "/%67raphql?query={__typename}"),
      { data: { __typename: "Query" } },
    ],
  ];
  for (const [name, bytes, body] of rows) {
    it(`is served: ${name}`, async () => {
      const [answer] = await sendRaw(context.url, bytes);
      expect({ status: answer?.status, body: JSON.parse(answer?.body ?? "") as unknown }).to.deep.equal({
        status: 200,
        body,
      });
    });
  }

  it("is told of a bad token in tRPC's envelope on tRPC's path, however that is spelled", async () => {
    const data = { code: "UNAUTHORIZED", httpStatus: 401, errorCode: "INVALID_TOKEN" };
    for (const path of ["/trpc/auth.me", "/%74rpc/auth.me", "http://evil.test/trpc/auth.me", "/trpc", "/trpc/?x"]) {
      const [answer] = await sendRaw(context.url, request("GET", path, { Authorization: "JWT x" }));
      const body = JSON.parse(answer?.body ?? "") as unknown;
      expect(body, path).to.deep.equal({ error: { code: -32001, message: "Invalid token", data } });
    }
  });
});

function json(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { "Content-Type": "application/json", ...headers };
}

function typed(path: string, type: string, body = "{}"): string {
  return postRequest(path, body, { "Content-Type": type });
}

function encoded(path: string, encoding: string, body = "{}"): string {
  return postRequest(path, body, { "Content-Encoding": encoding });
}

function smallChunks(count: number): string {
  return `400\r\n${" ".repeat(0x400)}\r\n`.repeat(count);
}

function chunked(body: string): string {
  return request("POST", "/graphql", json({ "Transfer-Encoding": "chunked" }), body);
}

function typename(): string {
  return '{"query":"{__typename}"}';
}

function manyHeaders(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`X-${i}`, "1234"]));
}
