import { initTRPC, lazy } from "@trpc/server";
import { expect } from "chai";
import {
  Authorized,
  buildSchema,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from "type-graphql";
import {
  type Auth,
  type AuthContext,
  type Built,
  createAuth,
  createTrpc,
  MissingRulesError,
  Public,
} from "../../src/index.js";
import { appRouter as bundledRouter } from "../../src/trpc/auth-router.js";
import { SECRET_KEY } from "../support/forge.js";

@ObjectType("Dish2")
class Dish {
  @Field(() => String)
  name!: string;
}

@Resolver(() => Dish)
class Ruled {
  @Authorized()
  @Query(() => String)
  forUsers(): string {
    return "";
  }

  @Authorized("editor")
  @Mutation(() => Boolean)
  forEditors(): boolean {
    return true;
  }

  @Public()
  @Query(() => Dish)
  forAll(): Dish {
    return new Dish();
  }

  // The other order of the decorators.
  @Query(() => String)
  @Public()
  forAllToo(): string {
    return "";
  }

  /** What stands below an operation is the operation's to decide about. */
  @FieldResolver(() => String)
  origin(@Root() _dish: Dish): string {
    return "";
  }
}

@Resolver()
class Forgetful {
  @Query(() => String)
  list(): string {
    return "";
  }

  @Mutation(() => Boolean, { name: "removeDish" })
  remove(): boolean {
    return true;
  }

  @Subscription(() => String, { topics: "DISH" })
  changes(): string {
    return "";
  }
}

@Authorized("staff")
@Resolver()
class RuledAsAWhole {
  @Query(() => String)
  inside(): string {
    return "";
  }
}

@Resolver()
abstract class Base {
  @Query(() => String)
  inherited(): string {
    return "";
  }

  @Public()
  @Query(() => String)
  inheritedPublic(): string {
    return "";
  }

  @Public()
  @Query(() => String)
  overridden(): string {
    return "";
  }

  @Query(() => String)
  repaired(): string {
    return "";
  }
}

/** TypeGraphQL does not put the rule of this class on what it inherits. */
@Authorized()
@Resolver()
class Child extends Base {
  @Query(() => String)
  override overridden(): string {
    return "other";
  }

  @Authorized("staff")
  @Query(() => String)
  override repaired(): string {
    return "";
  }
}

@Resolver()
class Grandchild extends Child {}

@Resolver()
class OpenChild extends Base {
  // The mark of the method that it overrides does not count.
  @Query(() => String)
  override overridden(): string {
    return "other";
  }
}

@ObjectType("SimpleNote", { simpleResolvers: true })
class SimpleNote {
  @Authorized()
  @Field(() => String)
  secret!: string;

  @Authorized()
  @Field(() => String, { simple: false })
  asked!: string;

  @Field(() => String)
  open!: string;
}

@ObjectType("MixedNote")
class MixedNote {
  @Authorized()
  @Field(() => String, { simple: true })
  secret!: string;

  @Authorized()
  @Field(() => String)
  asked!: string;
}

@Resolver()
class NoteResolver {
  @Public()
  @Query(() => SimpleNote)
  simple(): SimpleNote {
    return new SimpleNote();
  }

  @Public()
  @Query(() => MixedNote)
  mixed(): MixedNote {
    return new MixedNote();
  }
}

const { router, mergeRouters, procedure, publicProcedure, operation, publicOperation, authorized } = createTrpc();

function authWith(requireRules: boolean): Promise<Auth> {
  const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
  return createAuth({ users, secretKey: SECRET_KEY, settings: { requireRules } });
}

async function missing(built: Built): Promise<readonly string[]> {
  const auth = await authWith(true);
  try {
    await auth.assertRules(built);
    return [];
  } catch (error) {
    if (error instanceof MissingRulesError) return error.missing;
    throw error;
  }
}

describe("requireRules, of GraphQL resolvers", () => {
  it("finds nothing where every operation has a rule or is public, whatever else was ever decorated", async () => {
    expect(await missing({ resolvers: [Ruled, RuledAsAWhole] })).to.deep.equal([]);
  });

  it("finds forgotten queries, mutations and subscriptions", async () => {
    expect(await missing({ resolvers: [Ruled, Forgetful] })).to.deep.equal([
      "Forgetful.list (GraphQL query)",
      "Forgetful.remove (GraphQL mutation)",
      "Forgetful.changes (GraphQL subscription)",
    ]);
  });

  it("finds what is inherited without a rule, also where the class that inherits has one", async () => {
    expect(await missing({ resolvers: [Child] })).to.deep.equal(["Child.inherited (GraphQL query)"]);
    expect(await missing({ resolvers: [Grandchild] })).to.deep.equal(["Grandchild.inherited (GraphQL query)"]);
  });

  it("does not take the mark of a method for one of the method that overrides it", async () => {
    expect(await missing({ resolvers: [OpenChild] })).to.deep.equal([
      "OpenChild.overridden (GraphQL query)",
      "OpenChild.inherited (GraphQL query)",
      "OpenChild.repaired (GraphQL query)",
    ]);
  });

  it("finds rules on simple fields, which TypeGraphQL never asks", async () => {
    const auth = await authWith(true);
    const schema = await buildSchema({ resolvers: [NoteResolver], authChecker: auth.authChecker, validate: false });
    const why = "it is simple, so its rule is never asked";
    expect(await missing({ resolvers: [NoteResolver], schema })).to.deep.equal([
      `SimpleNote.secret (GraphQL field: ${why})`,
      `MixedNote.secret (GraphQL field: ${why})`,
    ]);
  });

  it("lets a schema be built after it", async () => {
    await missing({ resolvers: [Ruled, Forgetful] });
    const auth = await authWith(true);
    const pubSub = { publish: () => {}, subscribe: async function* () {} };
    const options = { authChecker: auth.authChecker, validate: false, pubSub };
    const schema = await buildSchema({ resolvers: [Ruled, Forgetful], ...options });
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).to.include("list");
  });
});

describe("requireRules, of tRPC routers", () => {
  const forgotten = procedure.query(() => "");
  const ruled = authorized("staff").mutation(() => "");

  it("finds nothing where every procedure has a rule or is public", async () => {
    const built = router({
      ruled,
      alsoRuled: authorized()
        .input((input: unknown) => input)
        .use(({ next }) => next())
        .query(() => ""),
      open: publicProcedure.query(() => ""),
      openOperation: publicOperation.mutation(() => ""),
      nested: { deep: router({ open: publicProcedure.use(({ next }) => next()).query(() => "") }) },
    });
    expect(await missing({ router: built })).to.deep.equal([]);
  });

  it("finds forgotten procedures in nested and merged routers", async () => {
    const inner = router({ forgotten, ruled, more: { forgotten: operation.mutation(() => "") } });
    const merged = mergeRouters(
      router({ inner, open: publicProcedure.query(() => "") }),
      router({
        forgotten: procedure.subscription(async function* () {
          yield "";
        }),
      }),
    );
    expect(await missing({ router: merged })).to.deep.equal([
      "inner.forgotten (tRPC query)",
      "inner.more.forgotten (tRPC mutation)",
      "forgotten (tRPC subscription)",
    ]);
  });

  it("loads lazy routers, and those that they hold", async () => {
    const innermost = router({ forgotten, ruled });
    const inner = router({ ruled, further: lazy(async () => innermost) });
    const outer = router({ near: publicProcedure.query(() => ""), later: lazy(async () => ({ inner })) });
    const merged = mergeRouters(outer, router({ other: lazy(async () => router({ forgotten })) }));
    expect(await missing({ router: merged })).to.have.members([
      "later.further.forgotten (tRPC query)",
      "other.forgotten (tRPC query)",
    ]);
  });

  it("finds procedures of a tRPC of the host's own, and knows rules that were put into them", async () => {
    const t = initTRPC.context<AuthContext>().create();
    const built = t.router({
      forgotten: t.procedure.query(() => ""),
      ruled: t.procedure.concat(authorized("staff")).query(() => ""),
      open: t.procedure.concat(publicProcedure).query(() => ""),
    });
    expect(await missing({ router: built })).to.deep.equal(["forgotten (tRPC query)"]);
  });

  it("is not taken in by a middleware, or a meta, of another's making", async () => {
    const t = initTRPC.context<AuthContext>().meta<{ public: boolean }>().create();
    const other = t.procedure.meta({ public: true }).use(async ({ next }) => next());
    expect(await missing({ router: t.router({ other: other.query(() => "") }) })).to.deep.equal(["other (tRPC query)"]);
  });
});

describe("requireRules", () => {
  const broken = { resolvers: [Forgetful] as const, router: router({ a: { b: procedure.query(() => "") } }) };

  it("names everything on both faces in one error, and what to do", async () => {
    const auth = await authWith(true);
    const error: unknown = await auth.assertRules(broken).catch((reason: unknown) => reason);
    expect(error).to.be.an.instanceof(MissingRulesError);
    expect(error).to.have.property("name", "MissingRulesError");
    expect((error as Error).message).to.equal(
      [
        "These have no rule, and requireRules is on:",
        "  Forgetful.list (GraphQL query)",
        "  Forgetful.remove (GraphQL mutation)",
        "  Forgetful.changes (GraphQL subscription)",
        "  a.b (tRPC query)",
        "Put @Authorized(...rules) or @Public() on the method of a resolver; make a procedure of authorized(...rules) or publicProcedure.",
      ].join("\n"),
    );
  });

  it("is off by default in both profiles, and then nothing is looked for", async () => {
    await (await authWith(false)).assertRules(broken);
    for (const profile of ["documented", "hardened"] as const) {
      const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
      const settings = { profile, longRunningRefreshToken: false, verifySession: false };
      const auth = await createAuth({ users, secretKey: SECRET_KEY, settings });
      expect(auth.settings.requireRules).to.equal(false);
      await auth.assertRules(broken);
    }
  });

  for (const settings of [
    {},
    { longRunningRefreshToken: true },
    { longRunningRefreshToken: true, mutations: "strawberry" },
    { cookies: true, hideTokenFields: true },
    { allowArgument: true, argumentName: "jwt" },
  ] as const) {
    it(`is content with our own operations: ${JSON.stringify(settings)}`, async () => {
      const { authResolvers, buildAuthSchema } = await import("../../src/graphql/schema.js");
      const { createSettings } = await import("../../src/settings/create-settings.js");
      const values = { ...settings, secretKey: SECRET_KEY };
      const { settings: built } = await createSettings({ values, secretKey: SECRET_KEY });
      const resolvers = authResolvers(built);
      const schema = await buildAuthSchema(built);
      expect(await missing({ resolvers, schema, router: bundledRouter })).to.deep.equal([]);
    });
  }
});
