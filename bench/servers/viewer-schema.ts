import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { type AuthChecker, Authorized, buildSchema, Ctx, Field, ObjectType, Query, Resolver } from "type-graphql";
import type { MemoryUser } from "../subject.js";

@ObjectType()
class Viewer {
  @Field(() => String)
  username!: string;
}

@Resolver()
class ViewerResolver {
  @Authorized()
  @Query(() => Viewer)
  me(@Ctx("user") user: MemoryUser): Viewer {
    return user;
  }
}

/** The schema that every GraphQL contender serves: `me`, for those who are logged in. */
export function viewerSchema(authChecker: AuthChecker<never, never>): Promise<GraphQLSchema> {
  return buildSchema({ resolvers: [ViewerResolver], authChecker: authChecker as AuthChecker });
}

/** What a contender's own context has. */
export interface ViewerContext {
  readonly user: MemoryUser | null;
}

/** `@Authorized()` where there is no Janus: somebody is logged in. */
export function viewerSchemaOfContender(): Promise<GraphQLSchema> {
  const authChecker: AuthChecker<ViewerContext> = ({ context }) => context.user !== null;
  return viewerSchema(authChecker as AuthChecker<never, never>);
}
