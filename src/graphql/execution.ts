import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  locatedError,
  type OperationDefinitionNode,
  type ResponsePath,
  responsePathAsArray,
} from "graphql";
import type { PlannedInput } from "./planned-inputs.js";

type Field = GraphQLField<unknown, unknown>;

/** A field of an object, with all that can be known of it before it is asked for. */
export interface PlannedField {
  /** What it is called in the answer. */
  readonly name: string;
  readonly node: FieldNode;
  readonly nodes: readonly FieldNode[];
  readonly definition: Field;
  readonly parentType: GraphQLObjectType;
  readonly resolve: NonNullable<Field["resolve"]>;
  readonly isNonNull: boolean;
  readonly complete: Complete;
  /** Null where graphql-js coerces them. */
  readonly args: readonly PlannedInput[] | null;
}

/** An operation that can be executed without asking again what each of its fields is. */
export interface QueryPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly fields: readonly PlannedField[];
  /** Null where graphql-js coerces them. */
  readonly variables: readonly PlannedInput[] | null;
}

/** Makes what the answer has of what a resolver gave, or throws the error of the field. */
export type Complete = (execution: Execution, info: GraphQLResolveInfo, path: ResponsePath, value: unknown) => unknown;

/** One execution of a plan. */
export interface Execution {
  readonly plan: QueryPlan;
  readonly context: unknown;
  readonly variableValues: { [variable: string]: unknown };
  readonly errors: FieldErrors;
}

/** Errors of fields, as graphql-js collects them: none of what is below a place that is null already. */
export class FieldErrors {
  readonly list: GraphQLError[] = [];
  /** Made for the first error: most executions have none. */
  private places: Set<ResponsePath | undefined> | undefined;

  /** @param path undefined for the whole answer */
  add(error: GraphQLError, path: ResponsePath | undefined): void {
    if (this.isNull(path)) return;
    (this.places ??= new Set()).add(path);
    this.list.push(error);
  }

  private isNull(path: ResponsePath | undefined): boolean {
    const { places } = this;
    if (!places) return false;
    for (let place = path; place !== undefined; place = place.prev) {
      if (places.has(place)) return true;
    }
    return places.has(undefined);
  }
}

/** Whether a value is a promise, of whatever kind. */
export function isPromiseLike(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

interface Failure {
  readonly path: ResponsePath;
  readonly isNonNull: boolean;
  readonly error: unknown;
}

/** "Handling Field Errors" (section 6.4.4): null in its place, or where null must not be, the parent's error. */
export function fieldError(execution: Execution, info: GraphQLResolveInfo, { path, isNonNull, error }: Failure): null {
  const located = locatedError(error, info.fieldNodes, responsePathAsArray(path));
  if (isNonNull) throw located;
  execution.errors.add(located, path);
  return null;
}
