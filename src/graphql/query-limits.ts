import { type ASTVisitor, type DocumentNode, GraphQLError, type ValidationContext, type ValidationRule } from "graphql";
import type { ErrorCode } from "../errors.js";
import type { QuerySettings } from "../settings/query-settings.js";
import { comparisonsOf, MAX_COMPARISONS } from "./query-repeats.js";
import { shapeOf } from "./query-shape.js";

/** The settings that limit a query by what can be seen in its text. */
export type QueryLimits = Pick<QuerySettings, "queryTokenLimit" | "queryDepthLimit" | "queryAliasLimit">;

/** The error of a query that asks for more than the settings allow. */
export function tooComplex(message: string): GraphQLError {
  const code: ErrorCode = "QUERY_TOO_COMPLEX";
  return new GraphQLError(message, { extensions: { code } });
}

/** What of a parsed document exceeds the limits. It need not be valid: validation itself is what costs. */
export function exceededLimits(document: DocumentNode, limits: QueryLimits): readonly GraphQLError[] {
  const { queryDepthLimit, queryAliasLimit } = limits;
  const { depth, aliases } = shapeOf(document);
  const errors: GraphQLError[] = [];
  if (depth > queryDepthLimit) errors.push(tooComplex(`The query is deeper than ${queryDepthLimit} fields.`));
  if (aliases > queryAliasLimit) errors.push(tooComplex(`The query has more than ${queryAliasLimit} aliases.`));
  if (comparisonsOf(document) > MAX_COMPARISONS)
    errors.push(tooComplex("The query repeats fields or fragments too often."));
  return errors;
}

/** The same as a validation rule, for another GraphQL server. It closes over nothing of a request. */
export function limitRules(limits: QueryLimits): readonly ValidationRule[] {
  return [
    function QueryLimitsRule(context: ValidationContext): ASTVisitor {
      for (const error of exceededLimits(context.getDocument(), limits)) context.reportError(error);
      return {};
    },
  ];
}
