import { validateSync } from "../validation.js";
import { BadUserInputError, type InputProblem } from "../errors.js";
import { isRecord } from "../is-record.js";
import { quickCheck } from "./quick-check.js";

/** A class whose properties carry class-validator's decorators. */
export type InputClass<T extends object> = new () => T;

/** The part of the Standard Schema specification (version 1) that tRPC reads. */
export interface InputSchema<T> {
  /** Whose decorators say what is checked. */
  readonly inputClass: new () => object;
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "janus-auth";
    readonly validate: (value: unknown) => { readonly value: T } | { readonly issues: readonly InputIssue[] };
    readonly types?: { readonly input: T; readonly output: T };
  };
}

/** Most problems that are told of one input: a client can make up thousands of names, and each comes back. */
const MAX_PROBLEMS = 10;

const NO_OBJECT = "The input must be an object";

interface InputIssue {
  readonly message: string;
  readonly path: readonly string[];
}

/** Makes an input class the input of a tRPC procedure. Properties that the class does not know are refused, as in GraphQL. */
export function inputOf<T extends object>(type: InputClass<T>): InputSchema<T> {
  return {
    inputClass: type,
    "~standard": {
      version: 1,
      vendor: "janus-auth",
      validate(value) {
        if (value !== undefined && !isRecord(value)) return { issues: [{ message: NO_OBJECT, path: [] }] };
        const misleading = Object.keys(value ?? {})
          .filter(isInherited)
          .map(unknownArgument);
        if (misleading.length > 0) return { issues: misleading.map(issueOf) };
        const input = Object.assign(new type(), value);
        const problems = problemsOf(input);
        return problems.length > 0 ? { issues: problems.map(issueOf) } : { value: input };
      },
    },
  };
}

/** Checks arguments that TypeGraphQL has put into their class. @throws BadUserInputError */
export function assertValidArgs(input: object): void {
  const problems = problemsOf(input);
  if (problems.length > 0) throw new BadUserInputError(problems);
}

/**
 * Checks the input of a tRPC procedure that takes one optional text, under a name that only the settings know.
 *
 * @param name undefined where it takes nothing
 * @throws BadUserInputError
 */
export function assertAtMostText(input: unknown, name: string | undefined): void {
  const members = Object.entries(asMembers(input));
  const unknown = members.filter(([member]) => member !== name).map(([member]) => unknownArgument(member));
  if (unknown.length > 0) throw new BadUserInputError(unknown.slice(0, MAX_PROBLEMS));
  const [, text = null] = members[0] ?? [];
  if (name !== undefined && text !== null && typeof text !== "string") {
    throw new BadUserInputError([{ argument: name, problem: `${name} must be a string` }]);
  }
}

function asMembers(input: unknown): object {
  if (input === undefined || input === null) return {};
  if (!isRecord(input)) throw new BadUserInputError([{ argument: "input", problem: NO_OBJECT }]);
  return input;
}

/** One for each class of inputs. Its decorators never change. */
const quickChecks = new WeakMap<object, (input: object) => boolean>();

function isPlainlyRight(input: object): boolean {
  // Of the class, whatever the client calls its arguments.
  const { constructor: type } = Object.getPrototypeOf(input) as { constructor: InputClass<object> };
  const check = quickChecks.get(type) ?? quickCheck(type);
  quickChecks.set(type, check);
  return check(input);
}

/** The first problem of each property. Neither values nor the object itself: a password must not come back in an error. */
function problemsOf(input: object): InputProblem[] {
  if (isPlainlyRight(input)) return [];
  const errors = validateSync(input, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  return errors.slice(0, MAX_PROBLEMS).map(({ property, constraints }) => {
    if (constraints?.["whitelistValidation"] !== undefined) return unknownArgument(property);
    const [problem = `${property} is not valid`] = Object.values(constraints ?? {});
    return { argument: property, problem };
  });
}

/** Whether every object has a property of this name: class-validator would find that and take the name for a known one. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

function unknownArgument(name: string): InputProblem {
  return { argument: name, problem: `${shorten(name)} is not an argument` };
}

function issueOf({ argument, problem }: InputProblem): InputIssue {
  return { message: problem, path: [argument] };
}

/** A name that the client made up, short enough for a message. */
function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
