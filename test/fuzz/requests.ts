import * as fc from "fast-check";
import { decode, encode, forge } from "../support/forge.js";
import { graphqlRequest, postRequest, request } from "../support/raw-http.js";
import { PASSWORD } from "../support/test-context.js";
import { DOCUMENTS, POOL, PROCEDURES, VARIABLES } from "./seeds.js";
import { bytes, mutatedObject, mutatedText, mutatedTokens, ODD_TEXTS, ODD_VALUES } from "./mutations.js";

/** A request to send, and what is known of its answer. */
export interface FuzzRequest {
  readonly kind: string;
  /** One character a byte. */
  readonly bytes: string;
  /** The only status that it may be answered with, where there is one. */
  readonly status?: number;
  /** Whether it may be no HTTP request at all. */
  readonly raw?: true;
}

/** Tokens that are good while the requests are made. */
export interface Tokens {
  readonly token: string;
  readonly refreshToken: string;
}

type Requests = fc.Arbitrary<FuzzRequest>;
type Headers = Readonly<Record<string, string>>;

/** Requests of every kind, seldom good. */
export function fuzzRequests(tokens: Tokens): Requests {
  const headers = fc.constantFrom<Headers>({}, { Authorization: `JWT ${tokens.token}` });
  return fc.oneof(
    { weight: 4, arbitrary: brokenTokens(tokens) },
    { weight: 3, arbitrary: signedTokens(tokens) },
    { weight: 2, arbitrary: refreshTokens(tokens) },
    { weight: 2, arbitrary: cookies(tokens) },
    { weight: 2, arbitrary: headerSoup() },
    { weight: 1, arbitrary: addresses() },
    { weight: 2, arbitrary: bodies() },
    { weight: 4, arbitrary: documents(headers) },
    { weight: 3, arbitrary: variables(headers) },
    { weight: 4, arbitrary: trpcCalls(headers) },
    { weight: 1, arbitrary: rawBytes(tokens) },
  );
}

/** Access tokens that nobody signed: 401, wherever they arrive. */
function brokenTokens({ token }: Tokens): Requests {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const otherHeader = mutatedObject(decode(token, "header"), ["kid", "crit", "jwk", "b64", "__proto__"]);
  const broken = fc.oneof(
    mutatedText(token, fc.stringMatching(/^[\w.=+/-]{1,3}$/)),
    otherHeader.map((text) => [encode(text), payload, signature].join(".")),
    mutatedObject(decode(token, "payload"), ["aud", "nbf"]).map((text) => [header, encode(text), signature].join(".")),
    fc.stringMatching(/^[\w-]{0,60}\.[\w-]{0,60}\.[\w-]{0,60}$/),
  );
  return fc
    .tuple(
      broken.filter((other) => other !== token && other !== ""),
      fc.constantFrom("header", "argument"),
    )
    .map(([other, place]) => ({
      kind: `an access token nobody signed, in the ${place}`,
      status: 401,
      bytes:
        place === "header"
          ? request("GET", "/trpc/auth.me", { Authorization: `JWT ${other}` })
          : postRequest("/trpc/auth.verifyToken", JSON.stringify({ token: other })),
    }));
}

/** Access tokens that somebody with our key signed: what is in them reaches the claims, the users and the sessions. */
function signedTokens({ token }: Tokens): Requests {
  const payloads = mutatedObject(decode(token, "payload"), ["aud", "iss", "nbf", "iat", "__proto__", "sub"]);
  const headers = mutatedObject(decode(token, "header"), ["kid", "crit", "__proto__"]);
  const signed = fc
    .tuple(payloads, fc.option(headers, { nil: JSON.stringify(decode(token, "header")) }))
    .map(([payload, header]) => forgeText(header, payload));
  return fc.tuple(signed, fc.constantFrom("header", "argument", "field", "tRPC argument")).map(([other, place]) => ({
    kind: `an odd access token with our signature, in the ${place}`,
    bytes: withToken(place, other),
  }));
}

function forgeText(header: string, payload: string): string {
  return forge(payload, { header: header as never });
}

function withToken(place: string, token: string): string {
  if (place === "header")
    return request("GET", "/graphql?query={me{id}sessions{id}}", { Authorization: `JWT ${token}` });
  if (place === "field") return graphqlRequest("query($t:String){me(token:$t){id roles}}", { t: token });
  if (place === "argument") return graphqlRequest("mutation($t:String){verifyToken(token:$t){payload}}", { t: token });
  return request("GET", `/trpc/auth.sessions?input=${encodeURIComponent(JSON.stringify({ token }))}`);
}

/** Refresh tokens that nobody issued: 401. */
function refreshTokens({ refreshToken }: Tokens): Requests {
  const broken = fc.oneof(
    mutatedText(refreshToken, fc.stringMatching(/^[\w=+/-]{1,3}$/)),
    fc.base64String(),
    fc.string({ unit: "binary" }),
    ODD_TEXTS,
  );
  return fc
    .tuple(
      broken.filter((other) => other !== refreshToken),
      fc.constantFrom("refreshToken", "revokeToken"),
    )
    .map(([other, name]) => ({
      kind: "a refresh token nobody issued",
      status: other.length > 8192 ? 400 : 401,
      bytes: postRequest(`/trpc/auth.${name}`, JSON.stringify({ refreshToken: other })),
    }));
}

function cookies({ token, refreshToken }: Tokens): Requests {
  const names = ["__Host-JWT", "__Host-JWT-refresh-token", "__Host-csrftoken", "JWT", "csrftoken", "__proto__", "a"];
  const value = fc.oneof(
    fc.constantFrom(token, refreshToken, "proof", '"', "%", "%ed%a0%80"),
    mutatedText(token, bytes(2)),
    bytes(20),
  );
  const pairs = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 });
  const separator = fc.constantFrom("; ", ";", ",", " ;=; ");
  return fc
    .tuple(pairs, separator, fc.constantFrom("GET", "POST"), fc.constantFrom("proof", "", "x"))
    .map(([list, between, method, proof]) => {
      const headers = {
        Cookie: headerText(["__Host-csrftoken=proof", ...list.map((pair) => pair.join("="))].join(between)),
        "X-CSRFToken": proof,
      };
      const post = postRequest("/trpc/auth.refreshToken", "{}", headers);
      return { kind: "cookies", bytes: method === "GET" ? request("GET", "/trpc/auth.me", headers) : post };
    });
}

/** What may stand in a header: no line ends. */
function headerText(text: string): string {
  return Buffer.from(text)
    .toString("latin1")
    .replaceAll(/[\r\n]/g, "");
}

function headerSoup(): Requests {
  const known = [
    "Authorization",
    "Accept",
    "Content-Type",
    "Cookie",
    "trpc-accept",
    "Expect",
    "Upgrade",
    "Origin",
    "Range",
  ];
  const name = fc.oneof(
    fc.constantFrom(
      ...known,
      "If-Match",
      "Accept-Version",
      "X-CSRFToken",
      "X-Request-Id",
      "__proto__",
      "Last-Event-Id",
    ),
    fc
      .stringMatching(/^[a-z-]{1,9}$/)
      .filter((word) => !/^(content-length|transfer-encoding|connection|host)$/.test(word)),
  );
  const value = fc.oneof(
    bytes(60),
    ODD_TEXTS,
    fc.constantFrom(
      "JWT ",
      "jwt a.b.c",
      "*/*",
      "application/json;charset=",
      "a=b; a=c",
      "\t",
      "100-continue",
      "websocket",
    ),
  );
  const paths = fc.constantFrom(
    "/graphql?query={me{id}}",
    "/trpc/auth.me",
    "/healthz",
    "/readyz",
    "/.well-known/jwks.json",
    "/nothing",
  );
  return fc.tuple(fc.dictionary(name, value.map(headerText), { maxKeys: 5 }), paths).map(([headers, path]) => ({
    kind: "headers",
    bytes: request("GET", path, headers),
  }));
}

function addresses(): Requests {
  const path = fc.oneof(
    fc.webPath(),
    fc.webQueryParameters().map((query) => `?${query}`),
    fc.stringMatching(/^[\w%.,/?&=+~-]{0,30}$/),
    fc.string({ unit: "binary" }).map((text) => encodeURIComponent(Buffer.from(text).toString())),
  );
  const starts = [
    "",
    "graphql",
    "graphql?query=",
    "trpc/",
    "trpc/auth.me?input=",
    "trpc/auth.me?batch=1&input=",
    "healthz",
  ];
  return fc.tuple(fc.constantFrom(...starts), path).map(([start, rest]) => ({
    kind: "addresses",
    bytes: request("GET", `/${start}${rest}`.replaceAll(" ", "%20")),
  }));
}

function bodies(): Requests {
  const json = JSON.stringify({ query: DOCUMENTS[0], variables: { u: "a", p: "b" }, operationName: null });
  const body = fc.oneof(bytes(80), fc.json(), mutatedText(json, fc.oneof(bytes(5), fc.constantFrom(...POOL))));
  const paths = fc.constantFrom("/graphql", "/trpc/auth.tokenAuth", "/trpc/auth.verifyToken,auth.revokeToken?batch=1");
  const types = fc.constantFrom(
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "multipart/form-data",
    "",
  );
  return fc.tuple(body, paths, types).map(([text, path, type]) => ({
    kind: "bodies",
    bytes: postRequest(path, text, { "Content-Type": type }),
  }));
}

function documents(headers: fc.Arbitrary<Headers>): Requests {
  const pieces = fc.oneof(fc.constantFrom(...POOL), fc.string({ unit: "binary", maxLength: 4 }));
  const document = fc.oneof(
    ...DOCUMENTS.map((text) => mutatedText(text, pieces)),
    ...DOCUMENTS.map((text) => mutatedTokens(text, POOL)),
  );
  return fc.tuple(document, headers).map(([query, more]) => ({
    kind: "GraphQL documents",
    bytes: postRequest("/graphql", JSON.stringify({ query, variables: VARIABLES }), more),
  }));
}

function variables(headers: fc.Arbitrary<Headers>): Requests {
  const names = fc.constantFrom(...Object.keys(VARIABLES), "__proto__", "toString");
  const given = fc.dictionary(names, ODD_VALUES).map((odd) => ({ ...VARIABLES, ...odd }));
  return fc
    .tuple(fc.constantFrom(...DOCUMENTS), given, fc.option(ODD_VALUES), fc.nat(9), headers)
    .map(([query, some, operationName, count, more]) => {
      const one = { query, variables: some, ...(operationName !== null && { operationName }) };
      // Half of the time an array of operations, and then sometimes of more than are allowed.
      const body = count < 5 ? Array.from({ length: count }, () => one) : one;
      return {
        kind: "GraphQL variables and operation names",
        bytes: postRequest("/graphql", JSON.stringify(body), more),
      };
    });
}

function trpcCalls(headers: fc.Arbitrary<Headers>): Requests {
  const names = [
    "username",
    "password",
    "token",
    "refreshToken",
    "user",
    "id",
    "__proto__",
    "constructor",
    "0",
    "1",
    "",
  ];
  const input = fc.oneof(
    ODD_VALUES.map((value) => JSON.stringify(value)),
    mutatedObject({ username: "fuzzed", password: PASSWORD }, names),
    mutatedObject({ id: "0190a0b0-0000-7000-8000-000000000000", user: "fuzzed" }, names),
  );
  // Few enough that the passwords of all that is in flight find a place in the queue.
  const procedures = fc.array(fc.constantFrom(...PROCEDURES), { minLength: 1, maxLength: 5 });
  const ways = fc.constantFrom("POST", "POST batch", "GET", "GET batch");
  return fc.tuple(procedures, input, input, ways, headers).map(([calls, first, second, way, more]) => {
    const batch = way.endsWith("batch");
    const text = batch ? `{"0":${first},"1":${second}}` : first;
    const path = `/trpc/${calls.join(",")}${batch ? "?batch=1" : "?"}`;
    const get = request("GET", `${path}&input=${encodeURIComponent(text)}`, more);
    return { kind: "tRPC inputs", bytes: way.startsWith("GET") ? get : postRequest(path, text, more) };
  });
}

/** Whole requests with bytes changed: request lines, lengths, chunks, line ends. */
function rawBytes({ token }: Tokens): Requests {
  const whole = [
    postRequest("/trpc/auth.verifyToken", JSON.stringify({ token })),
    request("GET", "/graphql?query={me{id}}", { Authorization: `JWT ${token}`, Connection: "keep-alive" }),
    request(
      "POST",
      "/graphql",
      { "Content-Type": "application/json", "Transfer-Encoding": "chunked" },
      "2\r\n{}\r\n0\r\n\r\n",
    ),
    request("GET", "/trpc/auth.me", {}) + request("GET", "/healthz", {}),
    request("OPTIONS", "*", { Origin: "https://stranger.test", "Access-Control-Request-Method": "POST" }),
  ];
  const lines = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    ":",
    "HTTP/1.0",
    "HTTP/9.9",
    "Content-Length: 9\r\n",
    "Transfer-Encoding: chunked\r\n",
  ];
  const pieces = fc.oneof(
    fc.constantFrom(...lines, "Host: a\r\n", "PRI * HTTP/2.0\r\n\r\n", "Expect: 1\r\n"),
    bytes(4),
  );
  return fc.oneof(...whole.map((text) => mutatedText(text, pieces))).map((text) => ({
    kind: "raw bytes",
    bytes: text,
    raw: true,
  }));
}
