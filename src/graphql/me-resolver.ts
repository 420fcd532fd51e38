import { Arg, Ctx, Query, Resolver, UseMiddleware } from "type-graphql";

import type { AuthContext } from "../request/context.js";
import { userOutput } from "../request/outputs.js";
import { argumentAuthentication } from "./argument-authentication.js";
import { Public } from "./public.js";
import { UserType } from "./user-type.js";

const ME = { nullable: true, description: "The user of the request; null for an anonymous one." };

/** The query that every contract has. */
@Resolver()
export class MeResolver {
  @Public()
  @Query(() => UserType, ME)
  me(@Ctx() context: AuthContext): UserType | null {
    return meOf(context);
  }
}

/** The same query where a field may be given a token of its own. */
export type MeWithArgumentResolver = new () => { me(token: string | null, context: AuthContext): UserType | null };

/** TypeGraphQL remembers every class that was ever decorated, so there is one for each name. */
const withArgument = new Map<string, MeWithArgumentResolver>();

/** @param argumentName the setting of that name */
export function meWithArgument(argumentName: string): MeWithArgumentResolver {
  const known = withArgument.get(argumentName);
  if (known) return known;

  @Resolver()
  class MeByArgument {
    // Also where the host application has left out the global middlewares: or the token would be overlooked.
    @UseMiddleware(argumentAuthentication)
    @Public()
    @Query(() => UserType, ME)
    me(
      // Looked at before the resolver runs: the context is that of its user.
      @Arg(argumentName, () => String, { nullable: true }) _token: string | null,
      @Ctx() context: AuthContext,
    ): UserType | null {
      return meOf(context);
    }
  }
  withArgument.set(argumentName, MeByArgument);
  return MeByArgument;
}

function meOf({ user, auth }: AuthContext): UserType | null {
  return user && userOutput(user, auth.settings.usernameField);
}
