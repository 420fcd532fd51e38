import { GraphQLError, type GraphQLLeafType, type ResponsePath } from "graphql";
import { executeFields } from "./execute-fields.js";
import { type Complete, fieldError, isPromiseLike, type PlannedField } from "./execution.js";

/*
 * "Value Completion" (GraphQL, section 6.4.3) for one type each, as graphql-js does it. Which type a field has is found
 * out when the query is planned, not for each value.
 */

export function completeNonNull(complete: Complete): Complete {
  return (execution, info, path, value) => {
    const completed = complete(execution, info, path, value);
    if (completed !== null) return completed;
    throw new Error(`Cannot return null for non-nullable field ${info.parentType.name}.${info.fieldName}.`);
  };
}

export function completeLeaf(type: GraphQLLeafType): Complete {
  return (_execution, _info, _path, value) => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    const serialized: unknown = type.serialize(value);
    if (serialized !== null && serialized !== undefined) return serialized;
    throw new Error(`The type ${type.name} made nothing of a value.`);
  };
}

export function completeObject(fields: readonly PlannedField[]): Complete {
  return (execution, _info, path, value) => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    return executeFields(execution, fields, value, path);
  };
}

/** @param isNonNull whether an item must not be null: then the error of an item is one of the list */
export function completeList(complete: Complete, isNonNull: boolean): Complete {
  return (execution, info, path, value) => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    if (!isIterable(value)) {
      const field = `${info.parentType.name}.${info.fieldName}`;
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${field}".`);
    }
    const items = Array.from(value, (item, index) => {
      const itemPath: ResponsePath = { prev: path, key: index, typename: undefined };
      const fail = (error: unknown) => fieldError(execution, info, { path: itemPath, isNonNull, error });
      try {
        const completed = isPromiseLike(item)
          ? item.then((resolved) => complete(execution, info, itemPath, resolved))
          : complete(execution, info, itemPath, item);
        return isPromiseLike(completed) ? completed.then(undefined, fail) : completed;
      } catch (error) {
        return fail(error);
      }
    });
    return items.some(isPromiseLike) ? Promise.all(items) : items;
  };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
