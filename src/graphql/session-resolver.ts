import { Args, Ctx, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from "type-graphql";

import type { SessionInfo } from "../auth/session-list.js";
import type { AuthContext } from "../request/context.js";
import { assertValidArgs } from "../request/input-schema.js";
import { RevokeSessionArgs, WhoseArgs } from "../request/inputs.js";
import * as operations from "../request/operations.js";
import { Public } from "./public.js";
import { asInt } from "./seconds.js";

const validated = { validateFn: assertValidArgs };

@ObjectType("Session", { description: "A session as a person recognises it. All times are Unix seconds." })
export class Session implements SessionInfo {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: "The User-Agent header of the last use." })
  device!: string | null;

  @Field(() => String, { nullable: true, description: "The network address of the last use." })
  address!: string | null;

  @Field(() => Int)
  created!: number;

  @Field(() => Int)
  lastUsed!: number;

  @Field(() => Int, { description: "When it ends unless it is refreshed before." })
  expires!: number;

  @Field(() => Boolean, { description: "Whether it is the session that asks." })
  current!: boolean;
}

@ObjectType("RevokeSession")
export class RevokeSession {
  @Field(() => Int, { description: "When the session was ended: Unix seconds." })
  revoked!: number;
}

@ObjectType("RevokeSessions")
export class RevokeSessions {
  @Field(() => Int, { description: "How many sessions were ended." })
  count!: number;
}

/** Sessions that a person can see and end. Only in a schema whose server has sessions. */
@Resolver()
export class SessionResolver {
  @Public()
  @Query(() => [Session], { nullable: true, description: "The live sessions, the latest used first." })
  async sessions(@Args(() => WhoseArgs, validated) args: WhoseArgs, @Ctx() context: AuthContext): Promise<Session[]> {
    const sessions = await context.account.sessions(context, args);
    return sessions.map((session) => ({
      ...session,
      created: asInt(session.created),
      lastUsed: asInt(session.lastUsed),
      expires: asInt(session.expires),
    }));
  }

  @Public()
  @Mutation(() => RevokeSession, { nullable: true, description: "Ends one session." })
  async revokeSession(
    @Args(() => RevokeSessionArgs, validated) args: RevokeSessionArgs,
    @Ctx() context: AuthContext,
  ): Promise<RevokeSession> {
    const { revoked } = await context.account.revokeSession(context, args);
    return { revoked: asInt(revoked) };
  }

  @Public()
  @Mutation(() => RevokeSessions, { nullable: true, description: "Ends all sessions but the one that asks." })
  revokeOtherSessions(@Ctx() context: AuthContext): Promise<RevokeSessions> {
    return context.account.revokeOtherSessions(context);
  }

  @Public()
  @Mutation(() => RevokeSessions, { nullable: true, description: "Ends all sessions." })
  revokeAllSessions(
    @Args(() => WhoseArgs, validated) args: WhoseArgs,
    @Ctx() context: AuthContext,
  ): Promise<RevokeSessions> {
    return operations.revokeAllSessions(args, context);
  }
}
