import type { GraphQLResolveInfo, ResponsePath } from "graphql";
import { Extensions, type MiddlewareFn, type ResolverData } from "type-graphql";

import { assertNoToken, contextOfArgument } from "../request/argument.js";
import type { AuthContext } from "../request/context.js";
import { isSubscription } from "./subscription-root.js";

/*
 * Per-argument authentication: `viewerA: me(token: $a)  viewerB: me(token: $b)`. Such a field, and all below it, has a
 * context of its own; the fields beside it keep theirs.
 *
 * A subscription is given none: TypeGraphQL hands `subscribe`, `topics` and `filter` the context of the connection, whatever
 * user the rule was asked for, and the end of the connection's token ends it.
 */

const OWN_TOKEN = "janusOwnToken";

/** Marks a field whose argument of that name, if it has one, is its very business and no credential: `verifyToken(token: …)`. */
export function OwnToken(): MethodDecorator {
  return Extensions({ [OWN_TOKEN]: true });
}

/** The contexts of fields with a token of their own. graphql-js makes the objects of a path anew in each execution. */
const contexts = new WeakMap<ResponsePath, AuthContext>();

/** Resolvers whose context has been looked for. */
const entered = new WeakSet<ResolverData<AuthContext>>();

/** A middleware for TypeGraphQL's `globalMiddlewares`: gives each resolver the context of its field. */
export const argumentAuthentication: MiddlewareFn<AuthContext> = async (data, next): Promise<unknown> => {
  await enterField(data);
  return next();
};

/**
 * Puts the context of its field into a resolver's data. The authChecker runs before every middleware and needs it as
 * well, so this is called twice; the token is looked at once. Undefined where there is nothing to wait for.
 *
 * @throws JsonWebTokenError for a token that must not be accepted, BadUserInputError for one that a subscription is given
 */
export function enterField(data: ResolverData<AuthContext>): Promise<void> | undefined {
  if (!data.context.auth.settings.allowArgument || entered.has(data)) return undefined;
  entered.add(data);
  return takeContext(data);
}

async function takeContext(data: ResolverData<AuthContext>): Promise<void> {
  const { context, args, info } = data;
  const inherited = inheritedContext(info.path.prev) ?? context;
  const ownToken = takesOwnToken(info);
  if (!ownToken && isSubscription(info)) assertNoToken(context, args);
  data.context = ownToken ? inherited : await contextOfArgument(inherited, args);
  contexts.set(info.path, data.context);
}

function inheritedContext(path: ResponsePath | undefined): AuthContext | undefined {
  return path && (contexts.get(path) ?? inheritedContext(path.prev));
}

function takesOwnToken({ parentType, fieldName }: GraphQLResolveInfo): boolean {
  return parentType.getFields()[fieldName]?.extensions[OWN_TOKEN] === true;
}
