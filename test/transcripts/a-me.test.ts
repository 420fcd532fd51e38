import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { encode } from "../support/forge.js";
import { NOW, testContext, type TestContext } from "../support/test-context.js";
import { type Answer, ask, askWith, data, differs, unauthorized } from "./ask.js";
import { INTROSPECTION, ME } from "./queries.js";
import { A } from "./sections.js";

/** What a header is made of: the user's token, or what the context forges. */
interface Given {
  readonly token: string;
  readonly username: string;
  readonly context: TestContext;
}

type Header = (given: Given) => string | undefined;

const ACCEPTED: Readonly<Record<string, Header>> = {
  "me, valid token": ({ token }) => `JWT ${token}`,
  "me, token without exp": ({ username, context }) => `JWT ${context.token({ username, exp: undefined })}`,
  "me, lower-case prefix jwt": ({ token }) => `jwt ${token}`,
  "me, two spaces": ({ token }) => `JWT   ${token}`,
};

const ANONYMOUS: Readonly<Record<string, Header>> = {
  "me, no Authorization header": () => undefined,
  "me, wrong prefix Bearer": ({ token }) => `Bearer ${token}`,
  "me, no prefix": ({ token }) => token,
  "me, three words": ({ token }) => `JWT ${token} extra`,
  "me, empty header": () => "",
  "me, token of a user that does not exist": ({ context }) => `JWT ${context.token({ username: "ghost" })}`,
};

/** Our message, and django-graphql-jwt's of an error in the answer. */
const REFUSED: Readonly<Record<string, [Header, ours: "Invalid token" | "Token expired", theirs: string]>> = {
  "me, malformed token": [() => "JWT not.a.jwt", "Invalid token", "Error decoding signature"],
  "me, garbage token": [() => "JWT garbage", "Invalid token", "Error decoding signature"],
  "me, expired token (JWT_VERIFY_EXPIRATION True)": [
    ({ username, context }) => `JWT ${context.token({ username, exp: NOW - 1 })}`,
    "Token expired",
    "Signature has expired",
  ],
  "me, wrong signature (other secret)": [
    ({ username, context }) => `JWT ${context.token({ username }, { secret: "other" })}`,
    "Invalid token",
    "Error decoding signature",
  ],
  "me, tampered signature (last char)": [
    ({ token }) => `JWT ${token.slice(0, -4)}AAAA`,
    "Invalid token",
    "Error decoding signature",
  ],
  "me, alg none": [
    ({ username }) => `JWT ${encode({ alg: "none", typ: "JWT" })}.${encode({ username, exp: NOW + 300 })}.`,
    "Invalid token",
    "Invalid token",
  ],
  "me, HS512 with the right secret": [
    ({ username, context }) => `JWT ${context.token({ username }, { header: { alg: "HS512" }, hash: "sha512" })}`,
    "Invalid token",
    "Invalid token",
  ],
  "me, token without username": [({ context }) => `JWT ${context.token({})}`, "Invalid token", "Invalid payload"],
};

onEachDatabase(A.title, (createDatabase) => {
  const context = testContext(A.settings, createDatabase);

  function askMe(header: string | undefined): Promise<Answer> {
    return ask(context, ME, {}, header === undefined ? {} : { authorization: header });
  }

  for (const [name, header] of Object.entries(ACCEPTED)) {
    it(name, async () => {
      const { id, username } = await context.createUser();
      const { token } = await context.loginAgain(username);
      expect(await askMe(header({ token, username, context }))).to.deep.equal(data({ me: { id, username } }));
    });
  }

  for (const [name, header] of Object.entries(ANONYMOUS)) {
    it(differs(name, "me is null for an anonymous request; the ancestor's test application denied it"), async () => {
      const { username, token } = await context.login();
      expect(await askMe(header({ token, username, context }))).to.deep.equal(data({ me: null }));
    });
  }

  for (const [name, [header, ours, theirs]] of Object.entries(REFUSED)) {
    it(differs(name, `401 by the handler; django-graphql-jwt: 200 and the error "${theirs}"`), async () => {
      const { username, token } = await context.login();
      expect(await askMe(header({ token, username, context }))).to.deep.equal(unauthorized(ours));
    });
  }

  it(
    differs("me, token of an inactive user", '401 by the handler; django-graphql-jwt: 200 and "User is disabled"'),
    async () => {
      const { username } = await context.createUser({ isActive: false });
      expect(await askWith(context, context.token({ username }), ME)).to.deep.equal(unauthorized("Invalid token"));
    },
  );

  const handled = "401 by the handler, on every URL; django-graphql-jwt: 200 and an error for each field";
  for (const [name, query] of [
    ["hello (unprotected) with an invalid token", "{ __typename }"],
    ["hello + me, invalid token", "{ __typename me { username } }"],
    ["introspection, invalid token", INTROSPECTION],
  ] as const) {
    it(differs(name, handled), async () => {
      expect(await askWith(context, "garbage", query)).to.deep.equal(unauthorized("Invalid token"));
    });
  }

  it(differs("hello + me, no token", "me is null for an anonymous request"), async () => {
    expect(await ask(context, "{ __typename me { username } }")).to.deep.equal(data({ __typename: "Query", me: null }));
  });

  it(differs("introspection, anonymous", "there are more mutations"), async () => {
    const query = "{ __schema { queryType { name } mutationType { fields { name } } } }";
    const { body, ...answer } = await ask(context, query);
    const names = ["tokenAuth", "verifyToken", "refreshToken", "revokeToken"];
    const { __schema } = (body as { data: { __schema: SchemaAnswer } }).data;
    expect(answer).to.deep.equal({ status: 200, type: "application/json; charset=utf-8" });
    expect(__schema.queryType).to.deep.equal({ name: "Query" });
    expect(__schema.mutationType.fields.map(({ name }) => name)).to.include.members(names);
  });
});

interface SchemaAnswer {
  readonly queryType: { readonly name: string };
  readonly mutationType: { readonly fields: readonly { readonly name: string }[] };
}
