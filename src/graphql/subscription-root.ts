import { type ASTVisitor, GraphQLError, type GraphQLResolveInfo, type ValidationContext } from "graphql";

const CONDITIONS: ReadonlySet<string> = new Set(["skip", "include"]);

/**
 * Refuses `@skip` and `@include` at the top of a subscription, as the specification has it since September 2025 (section
 * 5.2.4.1): graphql-js takes it for granted that a field is left there, and fails where there is none.
 */
export function UnconditionalSubscriptionRule(context: ValidationContext): ASTVisitor {
  const subscriptions = context.getSchema().getSubscriptionType();
  if (!subscriptions) return {};
  return {
    Directive(node) {
      if (!CONDITIONS.has(node.name.value) || context.getParentType() !== subscriptions) return;
      const message = "A subscription must not use @skip or @include in its top level selection.";
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}

/** Whether a field is a subscription itself, and none below one. */
export function isSubscription({ parentType, schema }: GraphQLResolveInfo): boolean {
  return parentType === schema.getSubscriptionType();
}
