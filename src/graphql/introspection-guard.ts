import {
  type ASTVisitor,
  getNamedType,
  GraphQLError,
  isIntrospectionType,
  type ValidationContext,
  type ValidationRule,
} from "graphql";
import type { AuthUser } from "../auth-user.js";
import type { ErrorCode } from "../errors.js";
import type { JwtSettings } from "../settings/jwt-settings.js";

/**
 * What a request may know of the schema. Whoever caches validated documents has to make this a part of the key:
 * otherwise the answer to one caller decides for all.
 */
export type Standing = "may-introspect" | "must-not-introspect";

/** @param user the user of the request, null for an anonymous one */
export function standingOf(user: AuthUser | null, settings: JwtSettings): Standing {
  return settings.authenticateIntrospection && !user ? "must-not-introspect" : "may-introspect";
}

/**
 * The validation rules to add to graphql-js' `specifiedRules` for a request of this standing. The rule is one named
 * function that closes over nothing, because servers such as GraphQL Yoga cache validation by a rule's name.
 */
export function introspectionRules(standing: Standing): readonly ValidationRule[] {
  return standing === "must-not-introspect" ? [IntrospectionGuardRule] : [];
}

/** Refuses every field of an introspection type: `__schema`, `__type` and all below them. `__typename` is a string and works. */
export function IntrospectionGuardRule(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      const type = getNamedType(context.getType());
      if (!type || !isIntrospectionType(type)) return;
      const code: ErrorCode = "INTROSPECTION_DISABLED";
      context.reportError(
        new GraphQLError(
          `GraphQL introspection has been disabled, but the requested query contained the field "${node.name.value}".`,
          { nodes: node, extensions: { code } },
        ),
      );
    },
  };
}

/** Suggestions ("Did you mean …?") tell names of the schema too. */
export function hidesSuggestions(standing: Standing): boolean {
  return standing === "must-not-introspect";
}
