/*
 * Handlers that fail, or answer what they must not, for the settings of a server. Each is named after what it answers.
 */

import { RefreshToken } from "../../src/sessions/refresh-token.js";

/** In no answer and, because it is the operator's own text, in the log. */
export const FAILURE = "the directory at ldap.internal is gone";

export function throws(): never {
  throw new TypeError(FAILURE, { cause: new Error("bind failed") });
}

export async function rejects(): Promise<never> {
  throw new Error(FAILURE);
}

export function throwsText(): never {
  // oxlint-disable-next-line typescript/only-throw-error -- what a handler in JavaScript may do
  throw FAILURE;
}

/** What a handler does that wants to say on what it failed: it has been given the token, or the headers of the request. */
export function throwsWhatItIsGiven(...given: unknown[]): never {
  throw new Error(`cannot work with ${JSON.stringify(given)}`);
}

export const nothing = (): undefined => undefined;
export const aNull = (): null => null;
export const aText = (): string => "text";
export const anEmptyText = (): string => "";
export const aNumber = (): number => 5;
export const aList = (): unknown[] => [];
export const anEmptyObject = (): object => ({});
export const aBigInt = (): object => ({ username: "a", id: 1n });
export const aCircle = (): object => Object.assign({}, { self: circle });
export const aTextInJson = (): object => ({ toJSON: () => "text" });
export const aTextForATime = (): object => ({ username: "a", exp: "tomorrow", origIat: "yesterday" });
export const aDateForATime = (): object => ({ username: "a", exp: new Date() });
export const aUserWithoutId = (): object => ({ username: "a", isActive: true });
export const aUserWithTextForRoles = (): object => ({ id: "1", username: "a", isActive: true, roles: "editor" });
export const aSessionWithoutDates = (): object => ({ id: "1", generation: 0, user: "a", hash: Buffer.alloc(32) });
export const aSessionThatNeverEnds = (): object =>
  Object.assign(new RefreshToken(), aSessionWithoutDates(), { created: new Date(), rotated: new Date() });

const response = (part: object): object => ({ status: 401, headers: {}, body: "", ...part });
export const aStatusInText = (): object => response({ status: "401" });
export const aStatusOf99 = (): object => response({ status: 99 });
export const aStatusOf101 = (): object => response({ status: 101 });
export const aStatusOf9999 = (): object => response({ status: 9999 });
export const aStatusOfNaN = (): object => response({ status: Number.NaN });
export const aHeaderWithALineFeed = (): object => response({ headers: { "x-a": "a\r\nset-cookie: b=c" } });
export const aHeaderWithoutAName = (): object => response({ headers: { "": "a" } });
export const aHeaderWithANumber = (): object => response({ headers: { "x-a": 1 } });
export const aListWithALineFeed = (): object => response({ headers: { "x-a": ["a", "b\r\nset-cookie: c=d"] } });
export const aListWithANumber = (): object => response({ headers: { "x-a": ["a", 1] } });
export const headersInAList = (): object => response({ headers: [["x-a", "a"]] });
export const aBodyInAnObject = (): object => response({ body: { message: "no" } });

const circle: Record<string, unknown> = {};
circle["self"] = circle;
