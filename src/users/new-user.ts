import { isEmail } from "../validation.js";

import { BadUserInputError, type InputProblem } from "../errors.js";

/** What a user is created with. */
export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly email?: string | null;
  /** By default true. */
  readonly isActive?: boolean;
  readonly isStaff?: boolean;
  readonly isSuperuser?: boolean;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
}

/** Longest password, in characters: hashing must not become a way to keep the server busy. A login takes no longer one. */
export const MAX_PASSWORD_LENGTH = 1024;

/** Characters. */
const USERNAME_LENGTH = 150;
const EMAIL_LENGTH = 254;

/** Django's rule for usernames, so that users can move from there: letters, digits and these five signs. */
const USERNAME = /^[\p{L}\p{M}\p{N}_.@+-]+$/u;

/** One spelling of a username: two that look the same to a reader are the same (Unicode Annex 15, NFKC). */
export function normalizeUsername(username: string): string {
  return username.normalize("NFKC");
}

/** @throws {BadUserInputError} that names everything that is wrong with a new user */
export function checkNewUser(user: NewUser): void {
  const problems = [
    ...problemIf("username", usernameProblem(normalizeUsername(user.username))),
    ...problemIf("email", emailProblem(user.email ?? null)),
    ...problemIf("password", passwordProblem(user.password)),
    ...problemIf("roles", namesProblem("Roles", user.roles)),
    ...problemIf("permissions", namesProblem("Permissions", user.permissions)),
  ];
  if (problems.length > 0) throw new BadUserInputError(problems);
}

/** What is wrong with a password that is to be set, or null. */
export function passwordProblem(password: string): string | null {
  if (password === "") return "The password must not be empty";
  if (password.length <= MAX_PASSWORD_LENGTH) return null;
  return `The password must not be longer than ${MAX_PASSWORD_LENGTH} characters`;
}

function usernameProblem(username: string): string | null {
  const length = Array.from(username).length;
  if (length === 0) return "The username must not be empty";
  if (length > USERNAME_LENGTH) return `The username must not be longer than ${USERNAME_LENGTH} characters`;
  return USERNAME.test(username) ? null : "The username may contain only letters, digits and @ . + - _";
}

function emailProblem(email: string | null): string | null {
  if (email === null) return null;
  return email.length <= EMAIL_LENGTH && isEmail(email) ? null : "The e-mail address is not valid";
}

function namesProblem(what: string, names: readonly string[] = []): string | null {
  return names.every((name) => name.trim() !== "") ? null : `${what} must not be empty`;
}

function problemIf(argument: string, problem: string | null): InputProblem[] {
  return problem === null ? [] : [{ argument, problem }];
}
