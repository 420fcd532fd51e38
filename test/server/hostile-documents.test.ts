import { graphqlRequest, postRequest } from "../support/raw-http.js";
import { expectLogin, expectRefusal } from "../support/refusals.js";
import { testContext } from "../support/test-context.js";

type Row = readonly [name: string, bytes: string, code: string, message: string];

const INVALID = "GRAPHQL_VALIDATION_FAILED";
const NOT_PARSED = "GRAPHQL_PARSE_FAILED";
const TOO_COMPLEX = "QUERY_TOO_COMPLEX";
const TOO_MANY_TOKENS = "The query has more than 2000 tokens.";
const TOO_MANY_ALIASES = "The query has more than 30 aliases.";
const TOO_MANY_REPEATS = "The query repeats fields or fragments too often.";
const TOO_DEEP = "Syntax Error: Document is nested deeper than 100 levels.";
const LOGIN = "mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token } }";

/** Documents that are not executed. */
const DOCUMENTS: readonly Row[] = [
  ["an empty document", graphqlRequest(""), NOT_PARSED, "Syntax Error: Unexpected <EOF>."],
  ["no GraphQL", graphqlRequest("DROP TABLE users"), NOT_PARSED, 'Syntax Error: Unexpected Name "DROP".'],
  ["a NUL", graphqlRequest("{\0}"), NOT_PARSED, "Syntax Error: Unexpected character: U+0000."],
  ["a lone surrogate", post('{"query":"{\\ud800}"}'), NOT_PARSED, "Syntax Error: Invalid character: U+D800."],
  [
    "a lone surrogate in a text",
    graphqlRequest('{me(x:"\\ud800"){id}}'),
    NOT_PARSED,
    'Syntax Error: Invalid Unicode escape sequence: "\\ud800".',
  ],
  ["overlong UTF-8", post('{"query":"{\xc0\xaf}"}'), NOT_PARSED, "Syntax Error: Unexpected character: U+FFFD."],
  ["700 aliases", graphqlRequest(aliases(700, "__typename")), TOO_COMPLEX, TOO_MANY_TOKENS],
  [
    "200 logins",
    graphqlRequest(`mutation${aliases(200, 'tokenAuth(username:"a",password:"b"){token}')}`),
    TOO_COMPLEX,
    TOO_MANY_TOKENS,
  ],
  ["1,000 levels of fields", graphqlRequest("{me".repeat(1000) + "}".repeat(1000)), NOT_PARSED, TOO_DEEP],
  [
    "101 levels of fragments",
    graphqlRequest("{...".repeat(100) + "{__typename}" + "}".repeat(100)),
    NOT_PARSED,
    TOO_DEEP,
  ],
  ["10,000 levels of lists", graphqlRequest(`{me(x:${"[".repeat(10_000)})}`), NOT_PARSED, TOO_DEEP],
  [
    "a query of 40 kB",
    graphqlRequest(`{__typename}#${"x".repeat(40_000)}`),
    TOO_COMPLEX,
    "The query is longer than 32768 characters.",
  ],
  ["a field of 30 kB", graphqlRequest(`{${"x".repeat(30_000)}}`), INVALID, `Cannot query field "${"x".repeat(980)}…`],
  ["an unknown field", graphqlRequest("{ users { id } }"), INVALID, 'Cannot query field "users" on type "Query".'],
  ["__proto__ as a field", graphqlRequest("{ __proto__ }"), INVALID, 'Cannot query field "__proto__" on type "Query".'],
  [
    "constructor as a field",
    graphqlRequest("{ constructor }"),
    INVALID,
    'Cannot query field "constructor" on type "Query".',
  ],
  [
    "__proto__ as an argument",
    graphqlRequest("mutation{verifyToken(__proto__:1){payload}}"),
    INVALID,
    'Unknown argument "__proto__" on field "Mutation.verifyToken".',
  ],
  [
    "a missing argument",
    graphqlRequest('mutation{tokenAuth(username:"a"){token}}'),
    INVALID,
    'Field "tokenAuth" argument "password" of type "String!" is required, but it was not provided.',
  ],
  [
    "an argument of another type",
    graphqlRequest("mutation{tokenAuth(username:1,password:true){token}}"),
    INVALID,
    "String cannot represent a non string value: 1",
  ],
  [
    "a list for an argument",
    graphqlRequest(`mutation{tokenAuth(username:[${"1,".repeat(900)}],password:""){token}}`),
    INVALID,
    `String cannot represent a non string value: [${"1, ".repeat(318)}1…`,
  ],
  [
    "a fragment in itself",
    graphqlRequest("{...a} fragment a on Query{...a}"),
    INVALID,
    'Cannot spread fragment "a" within itself.',
  ],
  ["a type definition", graphqlRequest("type A{b:String}"), INVALID, 'The "A" definition is not executable.'],
  ["a directive that there is not", graphqlRequest("{me{...@defer{id}}}"), INVALID, 'Unknown directive "@defer".'],
  ["900 times the same field", graphqlRequest(`{${"__typename ".repeat(900)}}`), TOO_COMPLEX, TOO_MANY_REPEATS],
  ["400 times the same fields", graphqlRequest(`{${"me{id} ".repeat(400)}}`), TOO_COMPLEX, TOO_MANY_REPEATS],
  [
    "100 logins in one query",
    graphqlRequest(`mutation${aliases(100, 'tokenAuth(username:"a",password:"b"){token}')}`),
    TOO_COMPLEX,
    TOO_MANY_ALIASES,
  ],
  [
    "100 logins in fragments that spread others",
    graphqlRequest(
      `mutation{...A} fragment A on Mutation{...B ...C} ${["B", "C"].map((name) => `fragment ${name} on Mutation${aliases(50, 'tokenAuth(username:"a",password:"b"){token}')}`).join(" ")}`,
    ),
    TOO_COMPLEX,
    TOO_MANY_ALIASES,
  ],
  [
    "introspection that goes deep by fragments",
    graphqlRequest(
      `{__schema{types{...F0}}} ${Array.from({ length: 20 }, (_, i) => `fragment F${i} on __Type{ofType{...F${i + 1}}}`).join(" ")} fragment F20 on __Type{name}`,
    ),
    TOO_COMPLEX,
    "The query is deeper than 20 fields.",
  ],
  [
    "a million fields by fragments",
    graphqlRequest(
      `{me{...F0}} ${Array.from({ length: 10 }, (_, i) => `fragment F${i} on UserType{${`...F${i + 1} `.repeat(4)}}`).join(" ")} fragment F10 on UserType{id}`,
    ),
    TOO_COMPLEX,
    "The query is more complex than 1000.",
  ],
  [
    "introspection",
    graphqlRequest("{__schema{types{name}}}"),
    "INTROSPECTION_DISABLED",
    'GraphQL introspection has been disabled, but the requested query contained the field "__schema".',
  ],
  [
    "an operation that there is not",
    named("query a{__typename}", "__proto__"),
    "BAD_REQUEST",
    'Unknown operation named "__proto__".',
  ],
  [
    "an operation name of 60 kB",
    named("query a{__typename}", "x".repeat(60_000)),
    "BAD_REQUEST",
    `Unknown operation named "${"x".repeat(975)}…`,
  ],
  [
    "two operations and no name",
    graphqlRequest("query a{__typename} query b{__typename}"),
    "BAD_REQUEST",
    "Must provide operation name if query contains multiple operations.",
  ],
  [
    "a subscription",
    graphqlRequest("subscription{sessionEvents{at}}"),
    "BAD_REQUEST",
    "Subscriptions are not supported over this transport",
  ],
];

/** Variables that do not fit. */
const VARIABLES: readonly Row[] = [
  [
    "none of two",
    graphqlRequest(LOGIN),
    "BAD_USER_INPUT",
    'Variable "$u" of required type "String!" was not provided.',
  ],
  [
    "null",
    graphqlRequest(LOGIN, { u: null, p: "b" }),
    "BAD_USER_INPUT",
    'Variable "$u" of non-null type "String!" must not be null.',
  ],
  [
    "a number",
    graphqlRequest(LOGIN, { u: 1, p: "b" }),
    "BAD_USER_INPUT",
    'Variable "$u" got invalid value 1; String cannot represent a non string value: 1',
  ],
  [
    "an object",
    graphqlRequest(LOGIN, { u: { $ne: "" }, p: "b" }),
    "BAD_USER_INPUT",
    'Variable "$u" got invalid value { $ne: "" }; String cannot represent a non string value: { $ne: "" }',
  ],
  [
    "one in the prototype",
    post(`{"query":"${LOGIN}","variables":{"p":"b","__proto__":{"u":"a"}}}`),
    "BAD_USER_INPUT",
    'Variable "$u" of required type "String!" was not provided.',
  ],
  [
    "a list of 15,000",
    graphqlRequest(LOGIN, { u: Array(15_000).fill(0), p: "" }),
    "BAD_USER_INPUT",
    `Variable "$u" got invalid value [${"0, ".repeat(10)}... 14990 more items]; String cannot represent a non string value: [${"0, ".repeat(10)}... 14990 more items]`,
  ],
  [
    "15,000 levels of lists",
    post(`{"query":"${LOGIN}","variables":{"p":"","u":${"[".repeat(15_000)}${"]".repeat(15_000)}}}`),
    "BAD_USER_INPUT",
    'Variable "$u" got invalid value [[[Array]]]; String cannot represent a non string value: [[[Array]]]',
  ],
  [
    "20 kB of quotes",
    graphqlRequest(LOGIN, { u: { a: '"'.repeat(20_000) }, p: "" }),
    "BAD_USER_INPUT",
    `Variable "$u" got invalid value { a: "${'\\"'.repeat(481)}…`,
  ],
  [
    "null where there is a default",
    graphqlRequest('mutation($u:String="a"){tokenAuth(username:$u,password:""){token}}', { u: null }),
    "BAD_USER_INPUT",
    'Argument "username" of non-null type "String!" must not be null.',
  ],
  [
    "null for @include",
    graphqlRequest("query($v:Boolean=true){me @include(if:$v){id}}", { v: null }),
    "BAD_USER_INPUT",
    'Argument "if" of non-null type "Boolean!" must not be null.',
  ],
  [
    "null for @skip below a field",
    graphqlRequest('mutation($v:Boolean=true){refreshToken(refreshToken:""){token @skip(if:$v)}}', { v: null }),
    "BAD_USER_INPUT",
    'Argument "if" of non-null type "Boolean!" must not be null.',
  ],
  [
    "a username of 300 characters",
    graphqlRequest(LOGIN, { u: "u".repeat(300), p: "b" }),
    "BAD_USER_INPUT",
    "username must not be longer than 255 characters",
  ],
  [
    "a password of 1,025 characters",
    graphqlRequest(LOGIN, { u: "a", p: "p".repeat(1025) }),
    "BAD_USER_INPUT",
    "password must not be longer than 1024 characters",
  ],
  [
    "a NUL in the username",
    graphqlRequest(LOGIN, { u: "admin\0", p: "b" }),
    "BAD_USER_INPUT",
    "username must not contain control characters",
  ],
  [
    "a line feed in the username",
    graphqlRequest('mutation{tokenAuth(username:"""a\nb""",password:""){token}}'),
    "BAD_USER_INPUT",
    "username must not contain control characters",
  ],
];

describe("a hostile GraphQL document", () => {
  const context = testContext();
  afterEach(() => expectLogin(context));

  for (const [table, rows] of Object.entries({ DOCUMENTS, VARIABLES })) {
    describe(`of the table ${table}`, () => {
      for (const [name, bytes, code, message] of rows) {
        it(`is refused: ${name}`, async () => {
          // Of many errors, each is short and there are a hundred at most.
          await expectRefusal(context, { bytes, status: 400, code, message, size: 25_000 });
        });
      }
    });
  }
});

function post(text: string): string {
  return postRequest("/graphql", text);
}

function named(query: string, operationName: string): string {
  return post(JSON.stringify({ query, operationName }));
}

function aliases(count: number, field: string): string {
  return `{${Array.from({ length: count }, (_, i) => `a${i}:${field}`).join(" ")}}`;
}
