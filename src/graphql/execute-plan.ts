import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getVariableValues,
  OperationTypeNode,
} from "graphql";
import { executeFields, executeSerially } from "./execute-fields.js";
import { type Execution, FieldErrors, type QueryPlan } from "./execution.js";
import { quickInputs } from "./planned-inputs.js";

/** What a plan is executed for: as graphql-js' `execute` has it. */
export type PlanArgs = Pick<ExecutionArgs, "variableValues" | "contextValue" | "hideSuggestions">;

/** Most errors of variables that are told; graphql-js' own number. */
const MAX_VARIABLE_ERRORS = 50;

/** Executes a planned operation: with what graphql-js' `execute` would answer for it. */
export async function executePlan(plan: QueryPlan, args: PlanArgs): Promise<ExecutionResult> {
  const { operation, fields } = plan;
  const values = variablesOf(plan, args);
  if (values.errors) return { errors: values.errors };
  const { contextValue: context } = args;
  const execution: Execution = { plan, context, variableValues: values.coerced, errors: new FieldErrors() };
  try {
    const isMutation = operation.operation === OperationTypeNode.MUTATION;
    const data = isMutation
      ? await executeSerially(execution, fields)
      : await executeFields(execution, fields, undefined, undefined);
    return resultOf(data, execution);
  } catch (error) {
    execution.errors.add(error as GraphQLError, undefined);
    return resultOf(null, execution);
  }
}

function variablesOf({ schema, operation, variables }: QueryPlan, { variableValues, hideSuggestions }: PlanArgs) {
  const given = variableValues ?? {};
  const coerced = variables && quickInputs(variables, given);
  if (coerced) return { coerced, errors: undefined };
  const options = { maxErrors: MAX_VARIABLE_ERRORS, hideSuggestions: hideSuggestions ?? false };
  return getVariableValues(schema, operation.variableDefinitions ?? [], given, options);
}

function resultOf(data: Record<string, unknown> | null, { errors: { list } }: Execution): ExecutionResult {
  return list.length > 0 ? { errors: list, data } : { data };
}
