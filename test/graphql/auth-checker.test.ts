import { expect } from "chai";
import { JwtSettings } from "../../src/settings/jwt-settings.js";
import { graphql, type GraphQLSchema } from "graphql";
import { Authorized, buildSchema, Query, Resolver } from "type-graphql";
import type { AuthUser } from "../../src/auth-user.js";
import type { Rule } from "../../src/auth/rules.js";
import { authChecker, silentAuthChecker } from "../../src/graphql/auth-checker.js";

const ran: string[] = [];

@Resolver()
class Guarded {
  @Authorized()
  @Query(() => String, { nullable: true })
  any(): string {
    ran.push("any");
    return "any";
  }

  @Authorized("editor")
  @Query(() => String, { nullable: true })
  role(): string {
    ran.push("role");
    return "role";
  }

  @Authorized<Rule>(() => {
    throw new Error("the predicate is broken");
  })
  @Query(() => String, { nullable: true })
  broken(): string {
    ran.push("broken");
    return "broken";
  }

  @Authorized("perm:")
  @Query(() => String, { nullable: true })
  nameless(): string {
    ran.push("nameless");
    return "nameless";
  }
}

async function answer(schema: GraphQLSchema, field: string, user: AuthUser | null): Promise<unknown> {
  ran.length = 0;
  const { data, errors } = await graphql({
    schema,
    source: `{ ${field} }`,
    contextValue: { user, auth: { settings: new JwtSettings() } },
  });
  return errors?.map(({ message, extensions }) => [message, extensions["code"]]) ?? data?.[field];
}

const editor: AuthUser = { id: "1", isActive: true, roles: ["editor"] };
const reader: AuthUser = { id: "2", isActive: true, roles: ["reader"] };
const DENIED = "You do not have permission to perform this action";

describe("authChecker", () => {
  let schema: GraphQLSchema;
  before(async () => {
    schema = await buildSchema({ resolvers: [Guarded], authChecker });
  });

  it("lets those run whom a rule admits", async () => {
    expect(await answer(schema, "any", reader)).to.equal("any");
    expect(await answer(schema, "role", editor)).to.equal("role");
    expect(ran).to.deep.equal(["role"]);
  });

  it("answers an error, with a code, to all others", async () => {
    expect(await answer(schema, "any", null)).to.deep.equal([[DENIED, "UNAUTHENTICATED"]]);
    expect(await answer(schema, "role", reader)).to.deep.equal([[DENIED, "FORBIDDEN"]]);
    expect(ran).to.deep.equal([]);
  });
});

describe("silentAuthChecker", () => {
  let schema: GraphQLSchema;
  before(async () => {
    schema = await buildSchema({ resolvers: [Guarded], authChecker: silentAuthChecker, authMode: "null" });
  });

  it("lets those run whom a rule admits", async () => {
    expect(await answer(schema, "any", reader)).to.equal("any");
    expect(await answer(schema, "role", editor)).to.equal("role");
  });

  it("answers null to all others", async () => {
    expect(await answer(schema, "any", null)).to.equal(null);
    expect(await answer(schema, "role", reader)).to.equal(null);
    expect(ran).to.deep.equal([]);
  });

  it("keeps no mistake in a rule silent", async () => {
    expect(await answer(schema, "broken", editor)).to.deep.equal([["the predicate is broken", undefined]]);
    expect(await answer(schema, "nameless", editor)).to.deep.equal([
      ['A rule must name a role or a permission, not "perm:".', undefined],
    ]);
    expect(ran).to.deep.equal([]);
  });
});
