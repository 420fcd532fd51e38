import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { decode } from "../support/forge.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { answered, ask, data, differs, invalid, read, refused, send, unauthorized } from "./ask.js";
import { TOKEN_AUTH } from "./queries.js";
import { A } from "./sections.js";

const WEEK = 7 * 24 * 3600;

onEachDatabase(A.title, (createDatabase) => {
  const context = testContext(A.settings, createDatabase);

  async function tokenAuth(u: string, p: string, headers?: Record<string, string>) {
    return ask(context, TOKEN_AUTH, { u, p }, headers);
  }

  it("tokenAuth, right password", async () => {
    const { username } = await context.createUser();
    const answer = await tokenAuth(username, PASSWORD);
    const { token = "", refreshToken } = answered(answer, "tokenAuth");
    const payload = { username, exp: NOW + 3600, origIat: NOW };
    expect(answer).to.deep.equal(data({ tokenAuth: { token, payload, refreshExpiresIn: NOW + WEEK, refreshToken } }));
    expect(decode(token, "payload")).to.deep.equal(payload);
    expect(refreshToken).to.match(/^[\w-]{75}$/);
  });

  const refusals: [name: string, username: (active: string, inactive: string) => string, password: string][] = [
    ["wrong password", (active) => active, "wrong"],
    ["unknown user", () => "nobody", PASSWORD],
    ["inactive user, right password", (_, inactive) => inactive, PASSWORD],
    ["empty password", (active) => active, ""],
  ];
  for (const [name, username, password] of refusals) {
    it(`tokenAuth, ${name}`, async () => {
      const active = await context.createUser();
      const inactive = await context.createUser({ isActive: false });
      expect(await tokenAuth(username(active.username, inactive.username), password)).to.deep.equal(
        refused("tokenAuth", "Please enter valid credentials", "INVALID_CREDENTIALS", 38),
      );
    });
  }

  it("tokenAuth, password argument missing", async () => {
    const message = 'Field "tokenAuth" argument "password" of type "String!" is required, but it was not provided.';
    expect(await ask(context, 'mutation { tokenAuth(username: "alice") { token } }')).to.deep.equal(
      invalid("GRAPHQL_VALIDATION_FAILED", [message, 12]),
    );
  });

  it(
    differs(
      "tokenAuth while an invalid Authorization header is sent",
      "a bad token ends at the 401 handler; django-graphql-jwt logs in",
    ),
    async () => {
      const { username } = await context.createUser();
      const answer = await tokenAuth(username, PASSWORD, { authorization: "JWT garbage" });
      expect(answer).to.deep.equal(unauthorized("Invalid token"));
      expect(context.hasher.runs).to.equal(0);
    },
  );

  it("syntax error", async () => {
    expect(await ask(context, "{ me { ")).to.deep.equal(
      invalid("GRAPHQL_PARSE_FAILED", ["Syntax Error: Expected Name, found <EOF>.", 8]),
    );
  });

  it("unknown field", async () => {
    expect(await ask(context, "{ nope }")).to.deep.equal(
      invalid("GRAPHQL_VALIDATION_FAILED", ['Cannot query field "nope" on type "Query".', 3]),
    );
  });

  it(
    differs("invalid JSON body", 'graphql-http words it; django-graphql-jwt: "POST body sent invalid JSON."'),
    async () => {
      expect(await send(`${context.url}/graphql`, "{not json")).to.deep.equal(
        invalid("BAD_REQUEST", ["Unparsable JSON body"]),
      );
    },
  );

  it("GET query", async () => {
    const response = await fetch(`${context.url}/graphql?query=%7B__typename%7D`);
    expect(await read(response)).to.deep.equal(data({ __typename: "Query" }));
  });
});
