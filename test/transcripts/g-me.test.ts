import { expect } from "chai";
import { encode } from "../support/forge.js";
import { NOW, testContext } from "../support/test-context.js";
import { ask, askWith, data, differs, invalid, send, unauthorized } from "./ask.js";
import { INTROSPECTION, ME } from "./queries.js";
import { G } from "./sections.js";

const DISABLED = "GraphQL introspection has been disabled, but the requested query contained the field";
const NULL_ME = 'me is null for an anonymous request; the ancestor\'s test application: "User is not authenticated."';

describe(G.title, () => {
  const context = testContext(G.settings);

  for (const [name, prefix] of [
    ["me, valid token", "JWT"],
    ["me, lower-case prefix jwt", "jwt"],
  ] as const) {
    it(name, async () => {
      const { id, username } = await context.createUser();
      const headers = { authorization: `${prefix} ${context.token({ username })}` };
      expect(await ask(context, ME, {}, headers)).to.deep.equal(data({ me: { id, username } }));
    });
  }

  const anonymous: [name: string, header: () => string | undefined][] = [
    ["me, no Authorization header", () => undefined],
    ["me, wrong prefix Bearer", () => `Bearer ${context.token({ username: "alice" })}`],
    ["me, unknown user", () => `JWT ${context.token({ username: "ghost" })}`],
  ];
  for (const [name, header] of anonymous) {
    it(differs(name, NULL_ME), async () => {
      const authorization = header();
      expect(await ask(context, ME, {}, authorization === undefined ? {} : { authorization })).to.deep.equal(
        data({ me: null }),
      );
    });
  }

  const refused: [name: string, token: () => string, message: "Invalid token" | "Token expired"][] = [
    ["me, malformed token", () => "not.a.jwt", "Invalid token"],
    ["me, garbage token", () => "garbage", "Invalid token"],
    [
      "me, expired token (JWT_VERIFY_EXPIRATION True)",
      () => context.token({ username: "alice", exp: NOW - 1 }),
      "Token expired",
    ],
    ["me, wrong signature", () => context.token({ username: "alice" }, { secret: "other" }), "Invalid token"],
    ["me, alg none", () => `${encode({ alg: "none", typ: "JWT" })}.${encode({ username: "alice" })}.`, "Invalid token"],
    ["me, token without username", () => context.token({}), "Invalid token"],
  ];
  for (const [name, token, message] of refused) {
    it(name, async () => {
      expect(await askWith(context, token(), ME)).to.deep.equal(unauthorized(message));
    });
  }

  it("me, inactive user", async () => {
    const { username } = await context.createUser({ isActive: false });
    expect(await askWith(context, context.token({ username }), ME)).to.deep.equal(unauthorized("Invalid token"));
  });

  it("hello (unprotected), invalid token", async () => {
    expect(await askWith(context, "garbage", "{ __typename }")).to.deep.equal(unauthorized("Invalid token"));
  });

  it("any other URL, invalid token", async () => {
    const body = { query: "{ __typename }" };
    expect(await send(`${context.url}/nope`, body, { authorization: "JWT garbage" })).to.deep.equal(
      unauthorized("Invalid token"),
    );
  });

  it(
    differs(
      "introspection, anonymous (JWT_AUTHENTICATE_INTROSPECTION left at its code default)",
      "it is set, our default is off; and 400 by GraphQL over HTTP",
    ),
    async () => {
      expect(await ask(context, INTROSPECTION)).to.deep.equal(
        invalid("INTROSPECTION_DISABLED", [`${DISABLED} "__schema".`, 3], [`${DISABLED} "queryType".`, 14]),
      );
    },
  );

  it(differs("__type introspection, anonymous", "400 by GraphQL over HTTP; strawberry: 200"), async () => {
    expect(await ask(context, '{ __type(name: "Query") { name } }')).to.deep.equal(
      invalid("INTROSPECTION_DISABLED", [`${DISABLED} "__type".`, 3]),
    );
  });

  it(differs("__typename, anonymous", "me is null for an anonymous request"), async () => {
    expect(await ask(context, "{ __typename me { __typename } }")).to.deep.equal(
      data({ __typename: "Query", me: null }),
    );
  });

  it("introspection, authenticated … hello anonymous after the introspection requests", async () => {
    const { username } = await context.createUser();
    const token = context.token({ username });
    expect(await askWith(context, token, INTROSPECTION)).to.deep.equal(
      data({ __schema: { queryType: { name: "Query" } } }),
    );
    expect(await ask(context, "{ __typename }")).to.deep.equal(data({ __typename: "Query" }));
    expect((await ask(context, INTROSPECTION)).status).to.equal(400); // The valid document is remembered, but not for anonymous.
  });
});
