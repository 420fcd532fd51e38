import { expect } from "chai";
import { createAuth, createTrpc, PasswordHasher, type Rule } from "../../src/index.js";
import type { HostContext } from "./host/recipe-resolver.js";
import { type Member, Members } from "./host/members.js";
import { Recipes } from "./host/recipes.js";

/** True if the types are the same; `any` is the same as nothing but itself. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- only a deferred conditional type tells `any` apart
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const { router, procedure, authorized } = createTrpc<HostContext>();
const nora: Member = { id: 1, email: "nora@example.org", kitchen: "north", isActive: true };

describe("the types of the library", () => {
  // What is checked here is checked by the compiler; the calls prove that the code is reached.
  const { createCaller } = router({
    anybody: procedure.query(({ ctx }) => {
      const user: Same<typeof ctx.user, Member | null> = true;
      const recipes: Same<typeof ctx.recipes, Recipes> = true;
      return { user, recipes };
    }),
    member: authorized().query(({ ctx }) => {
      const user: Same<typeof ctx.user, Member> = true;
      const recipes: Same<typeof ctx.recipes, Recipes> = true;
      return { user, recipes };
    }),
    ruled: authorized((user) => {
      const same: Same<typeof user, Member> = true;
      return same && user.kitchen === "north";
    }).query(({ ctx }) => ctx.user.kitchen),
  });
  let context: HostContext;

  before(async () => {
    const auth = await createAuth({ users: new Members(new PasswordHasher()), secretKey: "a secret key" });
    context = { ...(await auth.context({ headers: {} }, nora)), recipes: new Recipes() };
  });

  it("know the host's own user and properties, and no null behind a rule", async () => {
    const caller = createCaller(context);
    expect(await caller.anybody()).to.deep.equal({ user: true, recipes: true });
    expect(await caller.member()).to.deep.equal({ user: true, recipes: true });
    expect(await caller.ruled()).to.equal("north");
  });

  it("refuse a rule on a property that the user does not have", () => {
    // @ts-expect-error -- a Member has no cellar
    const rule: Rule<Member> = (member) => member.cellar === "deep";
    expect(rule(nora, { args: {}, root: undefined })).to.equal(false);
  });

  it("let a context through that GraphQL servers want to be a record", () => {
    const record: Record<PropertyKey, unknown> = context;
    expect(record["user"]).to.equal(nora);
  });
});
