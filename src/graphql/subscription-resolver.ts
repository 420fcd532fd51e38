import {
  Args,
  type BuildSchemaOptions,
  Ctx,
  Field,
  Int,
  Mutation,
  ObjectType,
  type PubSub,
  registerEnumType,
  Resolver,
  Root,
  Subscription,
} from "type-graphql";
import type { SessionEvent } from "../auth/logout.js";
import type { AuthContext } from "../request/context.js";
import { assertValidArgs } from "../request/input-schema.js";
import { RenewConnectionArgs } from "../request/inputs.js";
import * as operations from "../request/operations.js";
import { OwnToken } from "./argument-authentication.js";
import { Public } from "./public.js";
import { asInt } from "./seconds.js";

enum SessionEventType {
  LOGGED_OUT = "LOGGED_OUT",
}

enum LogoutReason {
  EXPIRED = "EXPIRED",
  REVOKED = "REVOKED",
  PASSWORD_CHANGED = "PASSWORD_CHANGED",
  USER_DISABLED = "USER_DISABLED",
  REPLAYED = "REPLAYED",
}

registerEnumType(SessionEventType, { name: "SessionEventType" });
registerEnumType(LogoutReason, { name: "LogoutReason", description: "Why the client is logged out." });

@ObjectType("SessionEvent", { description: "What happened to the session of the connection." })
export class SessionEventOutput {
  @Field(() => SessionEventType)
  type!: SessionEvent["type"];

  @Field(() => LogoutReason)
  reason!: SessionEvent["reason"];

  @Field(() => Int, { description: "When: Unix seconds." })
  at!: number;
}

@ObjectType("RenewConnection")
export class RenewConnection {
  @Field(() => Int, { nullable: true, description: "When the new token expires: Unix seconds." })
  expires!: number | null;
}

/** What there is on sockets and event streams alone. */
@Resolver()
export class SubscriptionResolver {
  @Public()
  @Subscription(() => SessionEventOutput, {
    subscribe: ({ context }: { context: AuthContext }) => operations.sessionEvents(context),
    description: "Tells the client that it is logged out, when it is, and ends. The connection is closed after it.",
  })
  sessionEvents(@Root() event: SessionEvent): SessionEventOutput {
    return { ...event, at: asInt(event.at) };
  }

  @Public()
  @OwnToken()
  @Mutation(() => RenewConnection, { nullable: true, description: "Lets a WebSocket go on with a fresh access token." })
  async renewConnection(
    @Args(() => RenewConnectionArgs, { validateFn: assertValidArgs }) args: RenewConnectionArgs,
    @Ctx() context: AuthContext,
  ): Promise<RenewConnection> {
    const { expires } = await operations.renewConnection(args, context);
    return { expires: expires === null ? null : asInt(expires) };
  }
}

export const subscriptionResolvers: BuildSchemaOptions["resolvers"] = [SubscriptionResolver];

/** TypeGraphQL wants a `pubSub` for every schema with subscriptions; ours go without one. */
export const noPubSub: PubSub = {
  publish() {
    throw new Error("noPubSub has no topics: give buildSchema a pubSub of your own");
  },
  subscribe() {
    throw new Error("noPubSub has no topics: give buildSchema a pubSub of your own");
  },
};
