import { validateSync } from "class-validator";
import { BadUserInputError, type InputProblem } from "../errors.js";

/** A class whose properties carry class-validator's decorators. */
export type InputClass<T extends object> = new () => T;

/** The part of the Standard Schema specification (version 1) that tRPC reads. */
export interface InputSchema<T> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "janus-auth";
    readonly validate: (value: unknown) => { readonly value: T } | { readonly issues: readonly InputIssue[] };
    readonly types?: { readonly input: T; readonly output: T };
  };
}

interface InputIssue {
  readonly message: string;
  readonly path: readonly string[];
}

/** Makes an input class the input of a tRPC procedure. Properties that the class does not know are refused, as in GraphQL. */
export function inputOf<T extends object>(type: InputClass<T>): InputSchema<T> {
  return {
    "~standard": {
      version: 1,
      vendor: "janus-auth",
      validate(value) {
        if (value !== undefined && !isPlainObject(value)) {
          return { issues: [{ message: "The input must be an object", path: [] }] };
        }
        const input = instantiate(type, value ?? {});
        const issues = problemsOf(input).map(({ argument, problem }) => ({ message: problem, path: [argument] }));
        return issues.length > 0 ? { issues } : { value: input };
      },
    },
  };
}

/** Checks arguments that TypeGraphQL has put into their class. @throws BadUserInputError */
export function assertValidArgs(input: object): void {
  const problems = problemsOf(input);
  if (problems.length > 0) throw new BadUserInputError(problems);
}

/** The first problem of each property. Neither values nor the object itself: a password must not come back in an error. */
function problemsOf(input: object): InputProblem[] {
  const errors = validateSync(input, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  return errors.map(({ property, constraints }) => {
    const unknown = constraints?.["whitelistValidation"] !== undefined;
    const [problem = `${property} is not valid`] = Object.values(constraints ?? {});
    return { argument: property, problem: unknown ? `${shorten(property)} is not an argument` : problem };
  });
}

function instantiate<T extends object>(type: InputClass<T>, value: object): T {
  const input = new type();
  for (const [name, member] of Object.entries(value)) {
    // Not by assignment: a member named "__proto__" must become a property like any other, and be refused as unknown.
    Object.defineProperty(input, name, { value: member, enumerable: true, writable: true, configurable: true });
  }
  return input;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name that the client made up, short enough for a message. */
function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
