import { getArgumentValues, type GraphQLResolveInfo, type ResponsePath } from "graphql";
import { type Execution, fieldError, isPromiseLike, type PlannedField } from "./execution.js";
import { quickInputs } from "./planned-inputs.js";

type Results = Record<string, unknown>;

/**
 * What the fields of an object came to. Clients name the properties, so it must inherit none. An object without any
 * prototype, as graphql-js has it, would be one that V8 keeps as a hash table.
 */
const Nothing = function Nothing() {} as unknown as new () => Results;
Nothing.prototype = Object.create(null) as Results;

/**
 * "Executing Selection Sets" (GraphQL, section 6.3): the fields of an object, all at the same time.
 *
 * What waits for what is as in graphql-js, to the promise: where two fields fail at once, that decides which error is told.
 */
export function executeFields(
  execution: Execution,
  fields: readonly PlannedField[],
  source: unknown,
  path: ResponsePath | undefined,
): Results | Promise<Results> {
  const results = new Nothing();
  let isWaiting = false;
  try {
    for (const field of fields) {
      const result = executeField(execution, field, source, path);
      results[field.name] = result;
      isWaiting ||= isPromiseLike(result);
    }
  } catch (error) {
    if (!isWaiting) throw error;
    // What the other fields wait for is not left to reject unseen.
    return settled(results).finally(() => {
      throw error;
    });
  }
  return isWaiting ? settled(results) : results;
}

/** The results once none of them is a promise. */
async function settled(results: Results): Promise<Results> {
  const names = Object.keys(results);
  const [name] = names;
  if (name !== undefined && names.length === 1) {
    // The step that `Promise.all` takes, without the rest of it.
    results[name] = await (results[name] as Promise<unknown>).then((value) => value);
    return results;
  }
  const values = await Promise.all(Object.values(results));
  for (const [index, each] of names.entries()) results[each] = values[index];
  return results;
}

/** The fields of a mutation, one after the other. */
export function executeSerially(execution: Execution, fields: readonly PlannedField[]): Results | Promise<Results> {
  const results = new Nothing();
  const add = (field: PlannedField): Results | Promise<Results> => {
    const store = (value: unknown): Results => {
      results[field.name] = value;
      return results;
    };
    const result = executeField(execution, field, undefined, undefined);
    return isPromiseLike(result) ? result.then(store) : store(result);
  };
  let done: Results | Promise<Results> = results;
  for (const field of fields) done = isPromiseLike(done) ? done.then(() => add(field)) : add(field);
  return done;
}

function executeField(
  execution: Execution,
  field: PlannedField,
  source: unknown,
  parent: ResponsePath | undefined,
): unknown {
  const { parentType, isNonNull, complete } = field;
  const path: ResponsePath = { prev: parent, key: field.name, typename: parentType.name };
  const info = infoOf(execution, field, path);
  const fail = (error: unknown) => fieldError(execution, info, { path, isNonNull, error });
  try {
    const result: unknown = field.resolve(source, argumentsOf(execution, field), execution.context, info);
    const completed = isPromiseLike(result)
      ? result.then((resolved) => complete(execution, info, path, resolved))
      : complete(execution, info, path, result);
    return isPromiseLike(completed) ? completed.then(undefined, fail) : completed;
  } catch (error) {
    return fail(error);
  }
}

/** @throws GraphQLError for one that is wrong */
function argumentsOf({ variableValues }: Execution, { args, definition, node }: PlannedField): Record<string, unknown> {
  return (args && quickInputs(args, variableValues)) ?? getArgumentValues(definition, node, variableValues);
}

function infoOf({ plan, variableValues }: Execution, field: PlannedField, path: ResponsePath): GraphQLResolveInfo {
  const { definition, nodes, parentType } = field;
  return {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path,
    schema: plan.schema,
    fragments: plan.fragments,
    rootValue: undefined,
    operation: plan.operation,
    variableValues,
  };
}
