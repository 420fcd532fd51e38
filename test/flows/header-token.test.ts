import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf } from "../support/faces.js";
import { encode, forge } from "../support/forge.js";
import { NOW, testContext, type TestContext } from "../support/test-context.js";
import { jsonRefusal, trpcRefusal } from "../support/unauthorized-answers.js";

/** A request with a token: a name, and the value of the header; undefined for no header. */
type Case = [name: string, header: (token: string, context: TestContext) => string | undefined];

const ANONYMOUS: Case[] = [
  ["no header", () => undefined],
  ["an empty header", () => ""],
  ["only a prefix", () => "JWT"],
  ["no prefix", (token) => token],
  ["the prefix Bearer", (token) => `Bearer ${token}`],
  ["a prefix that begins with ours", (token) => `JWTs ${token}`],
  ["three words", (token) => `JWT ${token} extra`],
  ["another kind of credentials", () => "Basic YWxpY2U6c2VjcmV0"],
  ["a token of an unknown user", (_, context) => `JWT ${context.token({ username: "ghost" })}`],
];

const ACCEPTED: Case[] = [
  ["a token", (token) => `JWT ${token}`],
  ["the prefix in another case", (token) => `jwt ${token}`],
  ["three spaces", (token) => `JWT   ${token}`],
  ["a tab", (token) => `JWT\t${token}`],
];

const REFUSED: [...Case, message: "Invalid token" | "Token expired"][] = [
  ["garbage", () => "JWT garbage", "Invalid token"],
  ["a malformed token", () => "JWT not.a.jwt", "Invalid token"],
  ["a token without its signature", (token) => `JWT ${token.slice(0, token.lastIndexOf("."))}`, "Invalid token"],
  ["a token with an empty signature", (token) => `JWT ${token.replace(/[^.]+$/, "")}`, "Invalid token"],
  [
    "a changed last character",
    (token) => `JWT ${token.slice(0, -1)}${token.endsWith("A") ? "E" : "A"}`,
    "Invalid token",
  ],
  [
    "another secret",
    (_, context) => `JWT ${context.token({ username: "ghost" }, { secret: "other" })}`,
    "Invalid token",
  ],
  ["the algorithm none", () => `JWT ${encode({ alg: "none" })}.${encode({ username: "ghost" })}.`, "Invalid token"],
  [
    "HS512 with the right secret",
    (_, context) => `JWT ${context.token({ username: "ghost" }, { header: { alg: "HS512" }, hash: "sha512" })}`,
    "Invalid token",
  ],
  ["no username", (_, context) => `JWT ${context.token({})}`, "Invalid token"],
  ["an empty username", (_, context) => `JWT ${context.token({ username: "" })}`, "Invalid token"],
  ["a username that is a number", (_, context) => `JWT ${context.token({ username: 5 })}`, "Invalid token"],
  ["a username that is a list", (_, context) => `JWT ${context.token({ username: ["ghost"] })}`, "Invalid token"],
  ["an expired token", (_, context) => `JWT ${context.token({ username: "ghost", exp: NOW - 1 })}`, "Token expired"],
  [
    "a token that expires now",
    (_, context) => `JWT ${context.token({ username: "ghost", exp: NOW })}`,
    "Token expired",
  ],
  [
    "an expired token of another secret",
    (_, context) => `JWT ${context.token({ username: "ghost", exp: NOW - 1 }, { secret: "other" })}`,
    "Invalid token",
  ],
];

onEachDatabase("a token in the header", (createDatabase) => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_VERIFY_EXPIRATION: "true" }, createDatabase);

  function get(path: string, header: string | undefined): Promise<Response> {
    return fetch(context.url + path, { headers: header === undefined ? {} : { authorization: header } });
  }

  for (const [name, header] of ANONYMOUS) {
    it(`is none: ${name}`, async () => {
      const { token } = await context.login();
      const value = header(token, context);
      for (const face of context.faces) {
        expect(await face.me(value === undefined ? {} : { authorization: value })).to.deep.equal({ data: null });
      }
      expect((await get("/nowhere", value)).status).to.equal(404);
    });
  }

  for (const [name, header] of ACCEPTED) {
    it(`is accepted: ${name}`, async () => {
      const { token, username } = await context.login();
      const authorization = header(token, context) ?? "";
      for (const face of context.faces) expect(dataOf(await face.me({ authorization }))?.username).to.equal(username);
      expect((await get("/nowhere", authorization)).status).to.equal(404);
    });
  }

  for (const [name, header, message] of REFUSED) {
    it(`is refused with 401 "${message}" on every URL: ${name}`, async () => {
      const { token } = await context.login();
      const value = header(token, context);
      for (const path of ["/graphql?query=%7Bme%7Bid%7D%7D", "/graphql", "/nowhere", "/healthz", "/"]) {
        const response = await get(path, value);
        expect(response.status, path).to.equal(401);
        expect(response.headers.get("content-type")).to.equal("application/json; charset=utf-8");
        expect(response.headers.get("www-authenticate")).to.equal('JWT error="invalid_token"');
        expect(await response.json()).to.deep.equal(jsonRefusal(message));
      }
      for (const path of ["/trpc/auth.me", "/trpc/auth.nothing", "/trpc"]) {
        const response = await get(path, value);
        expect(response.status, path).to.equal(401);
        expect(response.headers.get("content-type")).to.equal("application/json; charset=utf-8");
        expect(response.headers.get("www-authenticate")).to.equal('JWT error="invalid_token"');
        expect(await response.json()).to.deep.equal(trpcRefusal(message));
      }
    });
  }

  it("is refused for an inactive user, with nothing that tells why", async () => {
    const { token, username } = await context.login();
    await context.changeUser(username, { isActive: false });
    const [graphql, trpc] = [await get("/graphql", `JWT ${token}`), await get("/trpc/auth.me", `JWT ${token}`)];
    expect([graphql.status, trpc.status]).to.deep.equal([401, 401]);
    expect(await graphql.json()).to.deep.equal(jsonRefusal("Invalid token"));
    expect(await trpc.json()).to.deep.equal(trpcRefusal("Invalid token"));
  });

  it("is refused when it is from before the user's password was changed, and accepted from then on", async () => {
    const { token, username } = await context.login();
    context.clock.advance(1);
    await context.changeUser(username, { tokensValidAfter: context.clock.now() });
    expect((await get("/graphql", `JWT ${token}`)).status).to.equal(401);
    const later = await context.loginAgain(username);
    expect(dataOf(await context.trpc.me({ authorization: `JWT ${later.token}` }))?.username).to.equal(username);
  });

  it("speaks for nobody once its user is gone", async () => {
    const { token, username } = await context.login();
    await context.deleteUser(username);
    for (const face of context.faces) {
      expect(await face.me({ authorization: `JWT ${token}` })).to.deep.equal({ data: null });
    }
  });

  it("may lack exp in the documented profile", async () => {
    const { username } = await context.createUser();
    const authorization = `JWT ${forge({ username })}`;
    expect(dataOf(await context.graphql.me({ authorization }))?.username).to.equal(username);
  });

  it("is logged by its code alone when it is refused", async () => {
    const { token } = await context.login();
    await get("/nowhere", `JWT ${token}x`);
    const line = context.log.find(({ msg }) => msg === "a bad token was refused");
    expect(line?.["code"]).to.equal("INVALID_TOKEN");
    expect(JSON.stringify(context.log)).not.to.include(token.slice(0, 20));
  });
});

describe("an expired token without verifyExpiration", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_EXPIRATION_DELTA: "1" });

  it("is accepted one second and one year later", async () => {
    const { token, username } = await context.login();
    for (const seconds of [2, 365 * 24 * 3600]) {
      context.clock.advance(seconds);
      for (const face of context.faces) {
        expect(dataOf(await face.me({ authorization: `JWT ${token}` }))?.username).to.equal(username);
      }
    }
  });
});
