import {
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  subscribe,
} from "graphql";
import type { ErrorCode } from "../errors.js";
import { publicError } from "../public-error.js";
import type { AuthContext } from "../request/context.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { Documents } from "./documents.js";
import { executePlan } from "./execute-plan.js";
import type { QueryPlan } from "./execution.js";
import { formatError, shorten, type ShownError } from "./format-error.js";
import { hidesSuggestions, standingOf } from "./introspection-guard.js";
import { QueryComplexity } from "./query-complexity.js";
import { QueryPlans } from "./query-plan.js";
import { tooComplex } from "./query-limits.js";
import type { ShownResult } from "./response.js";

const FAILED: ErrorCode = "INTERNAL_SERVER_ERROR";

/** What a client asks for, over whatever transport. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation that may be executed. */
export interface PreparedOperation {
  readonly type: OperationTypeNode;
  readonly args: ExecutionArgs & { readonly contextValue: AuthContext };
  /** Where it can be planned. Which of the two executes it is known before anything is executed. */
  readonly plan?: QueryPlan | undefined;
}

/** Prepares operations: one set of limits, one cache and one introspection guard for all transports. */
export class Operations {
  /** Limits are settings, so each auth service has documents of its own. */
  private readonly documents = new WeakMap<JwtSettings, Documents>();
  private readonly complexity: QueryComplexity;
  private readonly plans: QueryPlans;

  constructor(private readonly schema: GraphQLSchema) {
    this.complexity = new QueryComplexity(schema);
    this.plans = new QueryPlans(schema);
  }

  /**
   * @param context what resolvers get, and whose standing decides what may be asked
   * @throws what a `complexity` function of the host application throws
   */
  prepare(params: OperationParams, context: AuthContext): PreparedOperation | { errors: readonly GraphQLError[] } {
    const { settings } = context.auth;
    const standing = standingOf(context.user, settings);
    const result = this.documentsFor(settings).get(params.query, standing);
    if ("errors" in result) return result;
    // An empty name is none (GraphQL over HTTP, section 5.3); over the other transports too.
    const operationName = params.operationName || null;
    const operation = getOperationAST(result.document, operationName);
    if (!operation) return { errors: [unknownOperation(operationName)] };
    const complexity = this.complexity.of(result.document, operation, params.variables);
    if (complexity > settings.queryComplexityLimit) {
      return { errors: [tooComplex(`The query is more complex than ${settings.queryComplexityLimit}.`)] };
    }
    const args = {
      schema: this.schema,
      document: result.document,
      operationName,
      variableValues: params.variables ?? null,
      contextValue: context,
      hideSuggestions: hidesSuggestions(standing),
    };
    return { type: operation.operation, args, plan: this.plans.of(result.document, operation) };
  }

  private documentsFor(settings: JwtSettings): Documents {
    let documents = this.documents.get(settings);
    if (!documents) this.documents.set(settings, (documents = new Documents(this.schema, settings)));
    return documents;
  }
}

/** Executes a query or a mutation. @throws what graphql-js' `execute` throws at once, for a mistake of the program */
export function executeOperation({ args, plan }: PreparedOperation): ExecutionResult | Promise<ExecutionResult> {
  return plan ? executePlan(plan, args) : execute(args);
}

/** Begins a subscription: the results of its events, or why it cannot begin. Never rejects: others go on beside it. */
export async function subscribeOperation({
  args,
}: Pick<PreparedOperation, "args">): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  try {
    return await subscribe(args);
  } catch (mistake) {
    // Of the program: a subscription that answers no stream, for example.
    return { errors: [new GraphQLError(publicError(mistake).message, { originalError: mistake as Error })] };
  }
}

/** What a client is shown of a result. @param onServerError is told every error that is not the client's doing */
export function shownResult({ data, errors }: ExecutionResult, onServerError: (error: unknown) => void): ShownResult {
  // An error of no field is one of the variables, unless the program failed before any field.
  const show = (error: GraphQLError): ShownError => {
    const shown = formatError(error, onServerError);
    return error.path || shown.extensions.code === FAILED ? shown : withCode(shown, "BAD_USER_INPUT");
  };
  return errors ? { errors: errors.map(show), data } : { data };
}

function unknownOperation(name: string | null): GraphQLError {
  const message =
    name === null
      ? "Must provide operation name if query contains multiple operations."
      : shorten(`Unknown operation named "${name}".`);
  const code: ErrorCode = "BAD_REQUEST";
  return new GraphQLError(message, { extensions: { code } });
}

function withCode(error: ShownError, code: ErrorCode): ShownError {
  return { ...error, extensions: { code } };
}
