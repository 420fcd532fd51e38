import { createTRPCClient, httpLink } from "@trpc/client";
import { expect } from "chai";
import { type Auth, type AuthContext, assertAllowed, createAuth, type JwtSettingsInput } from "../../src/index.js";
import { sessionEvents } from "../../src/request/operations.js";
import { SECRET_KEY } from "../support/forge.js";
import { outcomeOf } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { CHEAP_HASHER } from "../support/running-server.js";
import { type Member, Members } from "./host/members.js";
import { nodeHttpHost } from "./host/node-http-host.js";
import type { HostRouter } from "./host/recipe-router.js";
import { Recipes } from "./host/recipes.js";

const DENIED = "You do not have permission to perform this action";
const UNAUTHENTICATED = { code: "UNAUTHENTICATED", message: DENIED };
const LOGIN = { username: "ada@example.org", password: "with a pinch of salt" };

/** Users of a table: of rows that are not there the first is undefined, whatever the type says that a host gave them. */
class TableOfMembers extends Members {
  readonly deleted = new Set<string>();

  override async findByNaturalKey(email: string): Promise<Member | null> {
    const rows = [await super.findByNaturalKey(email)].filter((row) => row !== null && !this.deleted.has(email));
    return rows[0] as Member;
  }
}

describe("a user who is gone, for whom the directory answers undefined", () => {
  let auth: Auth<Member>;
  let host: Listening;
  let recipes: Recipes;
  let authorization: string;

  async function start(settings: JwtSettingsInput): Promise<void> {
    const members = new TableOfMembers(CHEAP_HASHER);
    await members.add({ email: LOGIN.username, kitchen: "north" }, LOGIN.password);
    auth = await createAuth({
      users: members,
      secretKey: SECRET_KEY,
      settings: { usernameField: "email", ...settings },
    });
    recipes = new Recipes();
    host = await listen(await nodeHttpHost(auth, recipes, (error) => expect.fail(String(error))));
    authorization = `JWT ${(await auth.service.tokenAuth(LOGIN)).token}`;
    members.deleted.add(LOGIN.username);
  }
  afterEach(() => host.close());

  const ask = async (query: string) => (await graphql(`${host.url}/graphql`, query, {}, { authorization })).body;
  const client = () =>
    createTRPCClient<HostRouter>({ links: [httpLink({ url: `${host.url}/trpc`, headers: { authorization } })] });

  it("is anonymous over both faces, and runs nothing that wants a user", async () => {
    await start({});
    const { errors } = await ask("{ ownRecipes { title } }");
    expect(errors?.map(({ message, extensions }) => [message, extensions?.code])).to.deep.equal([
      [DENIED, "UNAUTHENTICATED"],
    ]);
    expect(await outcomeOf(client().recipes.own.query())).to.deep.equal({ ...UNAUTHENTICATED, status: 401 });
    expect(recipes.calls).to.deep.equal([]);
    expect(await ask("{ me { id } }")).to.deep.equal({ data: { me: null } });
    expect(await outcomeOf(client().auth.me.query())).to.deep.equal({ data: null });
  });

  it("may not see the schema", async () => {
    await start({ authenticateIntrospection: true });
    const { errors } = await ask("{ __schema { description } }");
    expect(errors?.[0]?.extensions?.code).to.equal("INTROSPECTION_DISABLED");
  });

  it("has neither user nor payload in the context", async () => {
    await start({});
    const { user, payload } = await auth.context({ headers: { authorization } });
    expect({ user, payload }).to.deep.equal({ user: null, payload: null });
  });

  it("is nobody to a login either, and an event says so", async () => {
    await start({});
    const known: unknown[] = [];
    auth.events.on("loginFailed", (event) => void known.push(event.known));
    const outcome: unknown = await auth.service.tokenAuth(LOGIN).catch((error: unknown) => error);
    expect(outcome).to.include({ code: "INVALID_CREDENTIALS", message: "Please enter valid credentials" });
    expect(known).to.deep.equal([false]);
  });

  /** What asks for a user, of a context that a host application has put an undefined one into. */
  const ASKED: Readonly<Record<string, (context: AuthContext<Member>) => unknown>> = {
    "assertAllowed without a rule": ({ user }) => assertAllowed(user, [], { args: {}, root: undefined }),
    sessions: (context) => auth.account.sessions(context, {}),
    revokeAllSessions: (context) => auth.account.revokeAllSessions(context, {}),
    sessionEvents: (context) => sessionEvents(context),
  };
  for (const [name, call] of Object.entries(ASKED)) {
    it(`is refused by ${name} where the context's own user is undefined`, async () => {
      await start({});
      const context = { ...(await auth.context({ headers: {} })), user: undefined as unknown as null };
      const outcome: unknown = await Promise.resolve()
        .then(() => call(context))
        .catch((error: unknown) => error);
      expect(outcome).to.include(UNAUTHENTICATED);
    });
  }

  it("has the standing of anybody where the context's own user is undefined", async () => {
    await start({ authenticateIntrospection: true });
    const context = { ...(await auth.context({ headers: {} })), user: undefined as unknown as null };
    expect(auth.standing(context)).to.equal("must-not-introspect");
    expect(auth.introspectionRules(context)).to.have.length(1);
  });
});
