import { expect } from "chai";
import { graphql } from "graphql";
import { buildSchema } from "type-graphql";
import { type AuthUser, createAuth } from "../../src/index.js";
import { forge, SECRET_KEY } from "../support/forge.js";

const users = {
  findByNaturalKey: async (username: string): Promise<AuthUser> => ({ id: username, username, isActive: true }),
  checkPassword: async () => false,
};

describe("me with an argument, in a schema of a host that has forgotten the global middlewares", () => {
  it("answers the user of its token, and not the request's", async () => {
    const auth = await createAuth({ users, secretKey: SECRET_KEY, settings: { allowArgument: true } });
    const schema = await buildSchema({ resolvers: auth.resolvers, authChecker: auth.authChecker });
    const contextValue = await auth.context({ headers: { authorization: `JWT ${forge({ username: "bob" })}` } });
    const source = `{ ann: me(token: "${forge({ username: "ann" })}") { username } bob: me { username } }`;
    const { data, errors } = await graphql({ schema, source, contextValue });
    expect(errors).to.equal(undefined);
    expect(JSON.parse(JSON.stringify(data))).to.deep.equal({ ann: { username: "ann" }, bob: { username: "bob" } });
  });
});
