import { createServer, type Server } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import {
  Arg,
  Authorized,
  buildSchema,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from "type-graphql";
import {
  type Auth,
  type AuthContext,
  type AuthRouter,
  createGraphQLHandler,
  createTrpc,
  OwnToken,
} from "../../src/index.js";

/** Something to see, that has others within. */
@ObjectType("Room")
class Room {
  @Field(() => String)
  name!: string;

  @Authorized()
  @Field(() => String)
  key!: string;
}

@InputType("NoteInput")
class NoteInput {
  @Field(() => String, { nullable: true })
  token?: string | null;

  @Field(() => String)
  text!: string;
}

const TOKEN = { nullable: true };
const ROOMS: Room[] = ["hall", "cellar", "attic"].map((name) => ({ name, key: `key of the ${name}` }));

/** What a host application may have: fields that take a token, and fields below them that look at the user. */
@Resolver(() => Room)
class RoomResolver {
  @Query(() => [Room])
  rooms(@Arg("token", () => String, TOKEN) _token: string | null): Room[] {
    return ROOMS;
  }

  @Authorized()
  @Query(() => String, { nullable: true })
  secret(@Arg("token", () => String, TOKEN) _token: string | null, @Ctx("user") user: AuthContext["user"]): string {
    return `the secret of ${nameOf(user)}`;
  }

  @Authorized("staff")
  @Mutation(() => String, { nullable: true })
  note(@Arg("input", () => NoteInput) input: NoteInput, @Ctx() { user }: AuthContext): string {
    return `${nameOf(user)}: ${input.text}`;
  }

  @OwnToken()
  @Query(() => String, { nullable: true })
  redeem(@Arg("token", () => String) token: string, @Ctx() { user }: AuthContext): string {
    return `${nameOf(user)} redeems ${token}`;
  }

  @FieldResolver(() => String)
  async visitor(@Ctx() { user }: AuthContext): Promise<string> {
    await new Promise(setImmediate); // Others are answered meanwhile.
    return nameOf(user);
  }

  @FieldResolver(() => [Room])
  async doors(@Arg("token", () => String, TOKEN) _token: string | null): Promise<Room[]> {
    await new Promise(setImmediate);
    return ROOMS.slice(0, 2);
  }
}

function nameOf(user: AuthContext["user"]): string {
  return user?.username ?? "nobody";
}

const { router, procedure, authorized, operation } = createTrpc();

/** The same for tRPC, and a procedure whose token is its very business. */
function hostRouter(auth: AuthRouter) {
  return router({
    auth,
    visitor: procedure.query(({ ctx }) => nameOf(ctx.user)),
    secret: authorized()
      .input((input) => input as { token?: string } | undefined)
      .query(({ ctx }) => `the secret of ${nameOf(ctx.user)}`),
    note: authorized("staff")
      .input((input) => input as { input: { token?: string; text: string } })
      .mutation(({ ctx, input }) => `${nameOf(ctx.user)}: ${input.input.text}`),
    redeem: operation
      .input((input) => input as { token: string })
      .query(({ ctx, input }) => `${nameOf(ctx.user)} redeems ${input.token}`),
  });
}

export type ArgumentHostRouter = ReturnType<typeof hostRouter>;

/** A host application whose fields and procedures may be given tokens of their own. */
export async function argumentHost(auth: Auth): Promise<Server> {
  const graphql = createGraphQLHandler(
    await buildSchema({
      resolvers: [...auth.resolvers, RoomResolver],
      authChecker: auth.authChecker,
      globalMiddlewares: auth.globalMiddlewares,
    }),
  );
  const trpc = hostRouter(auth.trpcRouter);

  return createServer((req, res) => {
    void (async () => {
      const onServerError = (error: unknown) => res.destroy(error as Error);
      const context = await auth.context(req);
      if (req.url?.startsWith("/trpc/")) {
        const [path = ""] = req.url.slice("/trpc/".length).split("?");
        return nodeHTTPRequestHandler({ router: trpc, req, res, path, createContext: async () => context });
      }
      const { status, headers, body } = await graphql({ request: req, body: req, context, onServerError });
      res.writeHead(status, headers).end(body);
    })();
  });
}
