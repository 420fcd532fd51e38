import { expect } from "chai";
import { NOW, testContext } from "../support/test-context.js";
import { ask, askWith, data, differs, invalid, unauthorized } from "./ask.js";
import { INTROSPECTION, ME, VERIFY_TIMES } from "./queries.js";
import { I, J } from "./sections.js";

const DISABLED = "GraphQL introspection has been disabled, but the requested query contained the field";
const SCHEMA = data({ __schema: { queryType: { name: "Query" } } });

describe(I.title, () => {
  const context = testContext(I.settings);

  it(differs("introspection, anonymous", "400 by GraphQL over HTTP; strawberry: 200"), async () => {
    expect(await ask(context, INTROSPECTION)).to.deep.equal(
      invalid("INTROSPECTION_DISABLED", [`${DISABLED} "__schema".`, 3], [`${DISABLED} "queryType".`, 14]),
    );
  });

  it("introspection, authenticated", async () => {
    const { token } = await context.login();
    expect(await askWith(context, token, INTROSPECTION)).to.deep.equal(SCHEMA);
  });

  it("introspection, invalid token", async () => {
    expect(await askWith(context, "garbage", INTROSPECTION)).to.deep.equal(unauthorized("Invalid token"));
  });

  it("me, expired token (VERIFY_EXPIRATION False)", async () => {
    const { id, username } = await context.createUser();
    const { token } = await context.loginAgain(username);
    context.clock.advance(2);
    expect(await askWith(context, token, ME)).to.deep.equal(data({ me: { id, username } }));
  });

  it("verifyToken, expired", async () => {
    const { token } = await context.login();
    context.clock.advance(2);
    expect(await ask(context, VERIFY_TIMES, { t: token })).to.deep.equal(
      data({ verifyToken: { exp: NOW + 1, iat: NOW } }),
    );
  });
});

describe(J.title, () => {
  const context = testContext(J.settings);

  it("introspection, anonymous", async () => {
    expect(await ask(context, INTROSPECTION)).to.deep.equal(SCHEMA);
  });
});
