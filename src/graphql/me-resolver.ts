import { Ctx, Query, Resolver } from "type-graphql";

import type { AuthContext } from "../request/context.js";
import { userOutput } from "../request/outputs.js";
import { UserType } from "./user-type.js";

/** The query that every contract has. */
@Resolver()
export class MeResolver {
  @Query(() => UserType, { nullable: true, description: "The user of the request; null for an anonymous one." })
  me(@Ctx() { user, auth }: AuthContext): UserType | null {
    return user && userOutput(user, auth.settings.usernameField);
  }
}
