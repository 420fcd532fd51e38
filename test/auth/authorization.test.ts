import { expect } from "chai";
import { Arg, Authorized, buildSchema, FieldResolver, ObjectType, Field, Query, Resolver, Root } from "type-graphql";
import {
  type Auth,
  type AuthContext,
  type AuthUser,
  createAuth,
  createGraphQLHandler,
  createTrpc,
  type GraphQLHandler,
  type Rule,
} from "../../src/index.js";
import { SECRET_KEY } from "../support/forge.js";

interface Cook extends AuthUser {
  readonly username: string;
}

const isOwner: Rule<Cook> = (user, { args }) => args["owner"] === user.username;

/** Handlers that ran: a denied one must not be among them. */
const ran: string[] = [];

function run(name: string): string {
  ran.push(name);
  return name;
}

@ObjectType("Dish")
class Dish {
  @Field(() => String)
  owner!: string;
}

@Resolver(() => Dish)
class HostResolver {
  @Query(() => String, { nullable: true })
  open(): string {
    return run("open");
  }

  @Authorized()
  @Query(() => String, { nullable: true })
  authenticated(): string {
    return run("authenticated");
  }

  @Authorized("editor")
  @Query(() => String, { nullable: true })
  role(): string {
    return run("role");
  }

  @Authorized("perm:recipes.edit")
  @Query(() => String, { nullable: true })
  permission(): string {
    return run("permission");
  }

  @Authorized("staff")
  @Query(() => String, { nullable: true })
  staff(): string {
    return run("staff");
  }

  @Authorized("superuser")
  @Query(() => String, { nullable: true })
  superuser(): string {
    return run("superuser");
  }

  @Authorized<Rule<Cook>>(isOwner)
  @Query(() => String, { nullable: true })
  predicate(@Arg("owner", () => String) _owner: string): string {
    return run("predicate");
  }

  @Authorized<Rule<Cook>>("editor", "perm:recipes.edit", isOwner)
  @Query(() => String, { nullable: true })
  several(@Arg("owner", () => String) _owner: string): string {
    return run("several");
  }

  @Query(() => Dish)
  dish(): Dish {
    return { owner: "plain" };
  }

  @Authorized<Rule<Cook>>((user, { root }) => (root as Dish).owner === user.username)
  @FieldResolver(() => String, { nullable: true })
  secret(@Root() _dish: Dish): string {
    return run("secret");
  }
}

const { router, procedure, authorized } = createTrpc<AuthContext<Cook>>();

/** Takes what is sent: validation is not what is tested here. */
const anyInput = (input: unknown): unknown => input;

const hostRouter = router({
  open: procedure.input(anyInput).query(() => run("open")),
  authenticated: authorized()
    .input(anyInput)
    .query(() => run("authenticated")),
  role: authorized("editor")
    .input(anyInput)
    .query(() => run("role")),
  permission: authorized("perm:recipes.edit")
    .input(anyInput)
    .query(() => run("permission")),
  staff: authorized("staff")
    .input(anyInput)
    .query(() => run("staff")),
  superuser: authorized("superuser")
    .input(anyInput)
    .query(() => run("superuser")),
  predicate: authorized(isOwner)
    .input(anyInput)
    .query(() => run("predicate")),
  several: authorized("editor", "perm:recipes.edit", isOwner)
    .input(anyInput)
    .query(() => run("several")),
});

type Name = keyof typeof ADMITTED;

const USERS: Record<string, Cook> = Object.fromEntries(
  Object.entries({
    plain: {},
    editor: { roles: ["editor"] },
    permitted: { permissions: ["recipes.edit"] },
    staff: { isStaff: true },
    superuser: { isSuperuser: true },
  }).map(([username, properties]) => [username, { id: username, username, isActive: true, ...properties }]),
);

/** Whom each handler admits; its arguments name the user "plain" as the owner. */
const ADMITTED = {
  authenticated: ["plain", "editor", "permitted", "staff", "superuser"],
  role: ["editor"],
  permission: ["permitted", "superuser"],
  staff: ["staff"],
  superuser: ["superuser"],
  predicate: ["plain"],
  several: ["plain", "editor", "permitted", "superuser"],
} as const;

interface Denial {
  readonly code: string;
  readonly message: string;
}

/** Calls a handler as this user; answers what it answered, or the denial. */
type Call = (name: string, context: AuthContext<Cook>) => Promise<string | Denial>;

describe("authorization of host handlers", () => {
  let auth: Auth<Cook>;
  let handle: GraphQLHandler;

  before(async () => {
    const users = {
      findByNaturalKey: async (username: string) => USERS[username] ?? null,
      checkPassword: async () => false,
    };
    auth = await createAuth<Cook>({ users, secretKey: SECRET_KEY });
    const schema = await buildSchema({ resolvers: [HostResolver], authChecker: auth.authChecker, validate: false });
    handle = createGraphQLHandler(schema);
  });
  beforeEach(() => ran.splice(0));

  async function graphql(query: string, context: AuthContext<Cook>) {
    const request = { method: "POST", url: "/graphql", headers: { "content-type": "application/json" } };
    const onServerError = (error: unknown) => expect.fail(String(error));
    const answer = await handle({ request, body: JSON.stringify({ query }), context, onServerError });
    return JSON.parse(answer.body) as {
      data: Record<string, string | null>;
      errors?: [{ message: string; extensions: { code: string } }];
    };
  }

  const byGraphQL: Call = async (name, context) => {
    const takesOwner = name === "predicate" || name === "several";
    const { data, errors } = await graphql(`{ ${name}${takesOwner ? '(owner: "plain")' : ""} }`, context);
    if (!errors) return data[name] ?? "";
    expect(data[name]).to.equal(null);
    return { code: errors[0].extensions.code, message: errors[0].message };
  };

  const byTRPC: Call = async (name, context) => {
    const caller = hostRouter.createCaller(context);
    try {
      return await caller[name as Name]({ owner: "plain" });
    } catch (error) {
      const { code, message } = (error as { cause: Denial }).cause;
      return { code, message };
    }
  };

  for (const [face, call] of [
    ["@Authorized", byGraphQL],
    ["authorized()", byTRPC],
  ] as const) {
    for (const [name, admitted] of Object.entries(ADMITTED)) {
      it(`${face} admits ${admitted.join(", ")} to "${name}", and runs it for nobody else`, async () => {
        for (const user of Object.values(USERS)) {
          ran.length = 0;
          const outcome = await call(name, await auth.context({ headers: {} }, user));
          const admits = (admitted as readonly string[]).includes(user.username);
          const denial = { code: "FORBIDDEN", message: "You do not have permission to perform this action" };
          expect(outcome, user.username).to.deep.equal(admits ? name : denial);
          expect(ran, user.username).to.deep.equal(admits ? [name] : []);
        }
      });

      it(`${face} tells an anonymous request that it is one, and does not run "${name}"`, async () => {
        const outcome = await call(name, await auth.context({ headers: {} }));
        const message = "You do not have permission to perform this action";
        expect(outcome).to.deep.equal({ code: "UNAUTHENTICATED", message });
        expect(ran).to.deep.equal([]);
      });
    }

    it(`leaves a handler without ${face} to everybody`, async () => {
      expect(await call("open", await auth.context({ headers: {} }))).to.equal("open");
    });
  }

  it("@Authorized on a field gives the predicate the object of the field", async () => {
    const mine = await graphql("{ dish { owner secret } }", await auth.context({ headers: {} }, USERS["plain"]));
    expect(mine.data).to.deep.equal({ dish: { owner: "plain", secret: "secret" } });
    ran.length = 0;
    const theirs = await graphql("{ dish { owner secret } }", await auth.context({ headers: {} }, USERS["superuser"]));
    expect(theirs.data).to.deep.equal({ dish: { owner: "plain", secret: null } });
    expect(theirs.errors?.[0].extensions.code).to.equal("FORBIDDEN");
    expect(ran).to.deep.equal([]);
  });

  it("authorized() refuses at once a rule that is none", () => {
    expect(() => authorized("")).to.throw(TypeError, 'A rule must name a role or a permission, not "".');
    expect(() => authorized(undefined as never)).to.throw(TypeError, "A rule is a text or a function");
  });
});
