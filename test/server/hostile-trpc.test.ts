import { expect } from "chai";
import { postRequest, request, sendRaw } from "../support/raw-http.js";
import { expectLogin, expectRefusal } from "../support/refusals.js";
import { PASSWORD, testContext } from "../support/test-context.js";

type Row = readonly [name: string, bytes: string, code: string, message: string, status?: number];

interface FailedCall {
  readonly error: { readonly data: { readonly httpStatus: number; readonly errorCode: string } };
}

const NO_JSON = ["BAD_REQUEST", "The input is not valid JSON"] as const;
const NO_OBJECT = ["BAD_USER_INPUT", "The input must be an object"] as const;
const NO_BATCH = ["BAD_REQUEST", '"input" needs to be an object when doing a batch call'] as const;
const NOTHING_GIVEN = ["BAD_USER_INPUT", "username must be a string; password must be a string"] as const;
const TOO_MANY = ["BAD_REQUEST", "Batch call exceeds maximum size"] as const;
const TOO_LARGE = ["PAYLOAD_TOO_LARGE", "The request body is too large", 413] as const;
const MIXED = ["BAD_REQUEST", "Cannot mix procedure types in call: mutation, query"] as const;

/** Inputs of `auth.tokenAuth`. */
const INPUTS: readonly Row[] = [
  ["nothing", login(""), ...NOTHING_GIVEN],
  ["no JSON", login("username=a"), ...NO_JSON],
  ["half a JSON", login('{"username":"a"'), ...NO_JSON],
  ["30,000 open brackets", login("[".repeat(30_000)), ...NO_JSON],
  ["30,000 brackets", login("[".repeat(30_000) + "]".repeat(30_000)), ...NO_OBJECT],
  ["a NUL byte", login('{"username":"a\0","password":"b"}'), ...NO_JSON],
  ["gzip that does not say so", postRequest("/trpc/auth.tokenAuth", "\x1f\x8b\x08\0"), ...NO_JSON],
  ["null", login("null"), ...NO_OBJECT],
  ["a list", login('["a","b"]'), ...NO_OBJECT],
  ["a text", login('"a"'), ...NO_OBJECT],
  ["a number that is none", login("1e999"), ...NO_OBJECT],
  ["an empty object", login("{}"), ...NOTHING_GIVEN],
  ["an input in the prototype", login('{"__proto__":{"username":"a","password":"b"}}'), ...unknown("__proto__")],
  ["__proto__", login('{"username":"a","password":"b","__proto__":1}'), ...unknown("__proto__")],
  ["constructor", login('{"username":"a","password":"b","constructor":{"x":1}}'), ...unknown("constructor")],
  ["toString", login('{"username":"a","password":"b","toString":1}'), ...unknown("toString")],
  ["an unknown argument", login('{"username":"a","password":"b","admin":true}'), ...unknown("admin")],
  [
    "5,000 unknown arguments",
    login(JSON.stringify({ username: "a", password: "b", ...many(5000) })),
    ...unknown(...Object.keys(many(10))),
  ],
  [
    "an argument of 60 kB",
    login(`{"username":"a","password":"b","${"x".repeat(60_000)}":1}`),
    ...unknown(`${"x".repeat(40)}…`),
  ],
  [
    "the last of two usernames",
    login('{"username":"a","username":null,"password":"b"}'),
    "BAD_USER_INPUT",
    "username must be a string",
  ],
  [
    "a list for the username",
    login('{"username":["a"],"password":"b"}'),
    "BAD_USER_INPUT",
    "username must be a string",
  ],
  [
    "15,000 levels for the username",
    login(`{"username":${"[".repeat(15_000)}${"]".repeat(15_000)},"password":"b"}`),
    "BAD_USER_INPUT",
    "username must be a string",
  ],
  [
    "an object for the password",
    login('{"username":"a","password":{"$ne":""}}'),
    "BAD_USER_INPUT",
    "password must be a string",
  ],
  [
    "a NUL in the username",
    login('{"username":"admin\\u0000","password":"b"}'),
    "BAD_USER_INPUT",
    "username must not contain control characters",
  ],
  [
    "a username of 300 characters",
    login(`{"username":"${"u".repeat(300)}","password":"b"}`),
    "BAD_USER_INPUT",
    "username must not be longer than 255 characters",
  ],
  [
    "a password of 1,025 characters",
    login(`{"username":"a","password":"${"p".repeat(1025)}"}`),
    "BAD_USER_INPUT",
    "password must not be longer than 1024 characters",
  ],
  ["a password of 1 MB", login(`{"username":"a","password":"${"p".repeat(1e6)}"}`), ...TOO_LARGE],
  [
    "a number for a token",
    postRequest("/trpc/auth.verifyToken", '{"token":1}'),
    "BAD_USER_INPUT",
    "token must be a string",
  ],
  ["a token of 1 MB", postRequest("/trpc/auth.verifyToken", `{"token":"${"x".repeat(1e6)}"}`), ...TOO_LARGE],
  [
    "a token of 60 kB",
    postRequest("/trpc/auth.verifyToken", `{"token":"${"x".repeat(60_000)}"}`),
    "INVALID_TOKEN",
    "Error decoding signature",
    401,
  ],
  [
    "a refresh token of 60 kB",
    postRequest("/trpc/auth.refreshToken", `{"refreshToken":"${"x".repeat(60_000)}"}`),
    "INVALID_REFRESH_TOKEN",
    "Invalid refresh token",
    401,
  ],
  [
    "SQL",
    login(`{"username":"' OR 1=1; --","password":"' OR 1=1; --"}`),
    "INVALID_CREDENTIALS",
    "Please enter valid credentials",
    401,
  ],
  [
    "HTML",
    login('{"username":"<script>alert(1)</script>","password":"<b>"}'),
    "INVALID_CREDENTIALS",
    "Please enter valid credentials",
    401,
  ],
  [
    "a lone surrogate",
    login('{"username":"\\ud800","password":"\\udfff"}'),
    "INVALID_CREDENTIALS",
    "Please enter valid credentials",
    401,
  ],
  [
    "a byte order mark",
    login('\xef\xbb\xbf{"username":"a","password":"b"}'),
    "INVALID_CREDENTIALS",
    "Please enter valid credentials",
    401,
  ],
  [
    "a NUL in the password",
    login('{"username":"a","password":"\\u0000"}'),
    "INVALID_CREDENTIALS",
    "Please enter valid credentials",
    401,
  ],
];

/** Paths that name no procedure. */
const PATHS: readonly Row[] = [
  "",
  "x",
  "auth",
  "auth.",
  ".me",
  "auth.me.",
  "auth.me/",
  "/auth.me",
  "auth/me",
  "auth.me,",
  ",,,,",
  "AUTH.ME",
  "__proto__",
  "constructor",
  "auth.__proto__",
  "auth.constructor",
  "auth.toString",
  "auth._def",
  "_def",
  "<script>",
].map((path) => [JSON.stringify(path), get(path), "NOT_FOUND", `No procedure found on path "${path}"`, 404] as const);

/** Queries, batches and what else tRPC reads from a URL. */
const URLS: readonly Row[] = [
  ["a path encoded twice", get("%2561uth.m%2565%25zz"), "BAD_REQUEST", 'Invalid URL-encoding in path "%61uth.m%65%zz"'],
  ["a path of 5,000 commas", get(",".repeat(5000)), "URI_TOO_LONG", "The URL is too long", 414],
  ["1,000 procedures", get(`${"auth.me,".repeat(999)}auth.me?batch=1`), "URI_TOO_LONG", "The URL is too long", 414],
  ["1,000 short names", get(`${"x,".repeat(999)}x?batch=1`), ...TOO_MANY],
  ["51 procedures", get(`${"auth.me,".repeat(50)}auth.me?batch=1`), ...TOO_MANY],
  ["51 logins", postRequest(`/trpc/${"auth.tokenAuth,".repeat(50)}auth.tokenAuth?batch=1`, "{}"), ...TOO_MANY],
  [
    "a mutation by GET",
    get("auth.tokenAuth?input={}"),
    "METHOD_NOT_ALLOWED",
    'Unsupported GET-request to mutation procedure at path "auth.tokenAuth"',
    405,
  ],
  [
    "a query by POST",
    postRequest("/trpc/auth.me", "{}"),
    "METHOD_NOT_ALLOWED",
    'Unsupported POST-request to query procedure at path "auth.me"',
    405,
  ],
  [
    "no type and no body",
    request("POST", "/trpc/auth.tokenAuth"),
    "UNSUPPORTED_MEDIA_TYPE",
    "Missing content-type header",
    415,
  ],
  [
    "connection parameters that are no JSON",
    get("auth.me?connectionParams=%7B"),
    "BAD_REQUEST",
    "Not JSON-parsable query params",
  ],
  [
    "connection parameters that are no object",
    get("auth.me?connectionParams=1"),
    "BAD_REQUEST",
    "Invalid connection params shape",
  ],
  [
    "a stream of one",
    request("GET", "/trpc/auth.me", { "trpc-accept": "application/jsonl" }),
    "BAD_REQUEST",
    "Streaming requests must be batched (you can do a batch of 1)",
  ],
  ["queries and mutations", postRequest("/trpc/auth.tokenAuth,auth.me?batch=1", "{}"), ...MIXED],
  ["a batch that is no JSON", batch("nope"), ...NO_JSON],
  ["a batch that is a list", batch("[]"), ...NO_BATCH],
  ["a batch that is null", batch("null"), ...NO_BATCH],
  ["a batch with a number", batch('{"0":1}'), ...NO_OBJECT],
  ["a batch in the prototype", batch('{"__proto__":{"0":{"username":"a","password":"b"}}}'), ...NOTHING_GIVEN],
  ["a batch with other indices", batch('{"1":{},"-1":{},"length":9}'), ...NOTHING_GIVEN],
];

/** Inputs of `auth.me`, which takes none. */
const ME: readonly Row[] = (
  [
    ["nope", NO_JSON, NO_JSON],
    ["1", NO_OBJECT, NO_BATCH],
    ["[", NO_JSON, NO_JSON],
    ["%zz", NO_JSON, NO_JSON],
    ["%00", NO_JSON, NO_JSON],
    ['{"0":nope}', NO_JSON, NO_JSON],
    ['{"0":1}', unknown("0"), NO_OBJECT],
  ] as const
).flatMap(([input, alone, inBatch]): Row[] => [
  [input, get(`auth.me?input=${input}`), ...alone],
  [`${input}, in a batch`, get(`auth.me?input=${input}&batch=1`), ...inBatch],
]);

describe("a hostile tRPC request", () => {
  const context = testContext();
  afterEach(() => expectLogin(context));

  for (const [table, rows] of Object.entries({ INPUTS, PATHS, URLS, ME })) {
    describe(`of the table ${table}`, () => {
      for (const [name, bytes, code, message, status = 400] of rows) {
        it(`is refused with ${status}: ${name}`, async () => {
          await expectRefusal(context, { bytes, status, code, message, size: 1000 });
        });
      }
    });
  }

  it("may have good calls in its batch, and each is answered by itself", async () => {
    const { username } = await context.createUser();
    const good = { username, password: PASSWORD };
    const input = JSON.stringify({ 0: good, 1: {}, 2: good, 3: { username, password: "wrong" } });
    const path = "/trpc/auth.tokenAuth,auth.tokenAuth,auth.users,auth.tokenAuth?batch=1";
    const [answer] = await sendRaw(context.url, postRequest(path, input));
    const calls = JSON.parse(answer?.body ?? "");
    expect(answer?.status).to.equal(207);
    expect(calls[0].result.data.user.username).to.equal(username);
    const errors = calls.slice(1).map((call: FailedCall) => [call.error.data.httpStatus, call.error.data.errorCode]);
    expect(errors).to.deep.equal([
      [400, "BAD_USER_INPUT"],
      [404, "NOT_FOUND"],
      [401, "INVALID_CREDENTIALS"],
    ]);
  });

  it("gets no more back than twice its path", async () => {
    const path = `${"<b>,".repeat(49)}${"x".repeat(3800)}`;
    const [answer] = await sendRaw(context.url, get(`${path}?batch=1`));
    expect(answer?.status).to.equal(404);
    expect(answer?.headers["content-type"]).to.equal("application/json");
    expect(answer?.body.length).to.be.below(2 * path.length + 50 * 150);
  });

  it("may give me an empty input", async () => {
    const [answer] = await sendRaw(context.url, get("auth.me?input={}"));
    expect(JSON.parse(answer?.body ?? "")).to.deep.equal({ result: { data: null } });
  });
});

function get(path: string): string {
  return request("GET", `/trpc/${path}`);
}

function login(input: string): string {
  return postRequest("/trpc/auth.tokenAuth", input);
}

function batch(inputs: string): string {
  return postRequest("/trpc/auth.tokenAuth?batch=1", inputs);
}

function unknown(...names: readonly string[]): readonly [code: string, message: string] {
  return ["BAD_USER_INPUT", names.map((name) => `${name} is not an argument`).join("; ")];
}

function many(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, i]));
}
