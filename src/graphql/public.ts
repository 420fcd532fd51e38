/** Filled while the decorated classes are defined, and not after. */
const publicMethods = new WeakSet<object>();

/**
 * Marks a query, mutation or subscription that everybody may use, anonymous clients too: `auth.assertRules` refuses those
 * that have neither this nor `@Authorized(...rules)`. It changes nothing else.
 *
 * A method that overrides a public one is not public by that.
 */
export function Public(): MethodDecorator {
  return (_prototype, _name, { value }) => {
    if (typeof value === "function") publicMethods.add(value);
  };
}

/** Whether a method, or whatever is found in its place, is marked. */
export function isPublic(method: unknown): boolean {
  return typeof method === "function" && publicMethods.has(method);
}
