import { expect } from "chai";
import type { TestContext } from "../support/test-context.js";
import type { Answer } from "./ask.js";

const ROUNDS = 20;
const SIMULTANEOUS = 8;

/** What became of the requests of all rounds. */
export interface RaceResult {
  /** The refresh tokens that were handed out, of each round. */
  readonly successors: readonly (readonly string[])[];
  /** The answers without one. */
  readonly refused: readonly Answer[];
}

/**
 * The race of the transcript: 8 simultaneous refreshes of one refresh token, 20 rounds.
 *
 * @param refresh sends one
 * @param successorIn reads the refresh token of an answer; undefined for a refusal
 */
export async function race(
  context: TestContext,
  refresh: (refreshToken: string) => Promise<Answer>,
  successorIn: (answer: Answer) => string | undefined,
): Promise<RaceResult> {
  const successors: string[][] = [];
  const refused: Answer[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { refreshToken } = await context.login();
    const answers = await Promise.all(Array.from({ length: SIMULTANEOUS }, () => refresh(refreshToken)));
    const handedOut = answers.map(successorIn);
    successors.push(handedOut.filter((token) => token !== undefined));
    refused.push(...answers.filter((_, index) => handedOut[index] === undefined));
    expect(handedOut).to.not.include(refreshToken);
  }
  return { successors, refused };
}

/** Asserts one winner a round, and this answer to all others: 20 successors of 160 requests. */
export function assertSingleWinners({ successors, refused }: RaceResult, refusal: Answer): void {
  expect(successors.map((tokens) => tokens.length)).to.deep.equal(Array.from({ length: ROUNDS }, () => 1));
  expect(new Set(successors.flat()).size).to.equal(ROUNDS);
  expect(refused).to.deep.equal(Array.from({ length: ROUNDS * (SIMULTANEOUS - 1) }, () => refusal));
}

/** Asserts that every request got the one successor of its round: 20 successors of 160 requests. */
export function assertSharedSuccessors({ successors, refused }: RaceResult): void {
  expect(refused).to.deep.equal([]);
  expect(successors.map((tokens) => tokens.length)).to.deep.equal(Array.from({ length: ROUNDS }, () => SIMULTANEOUS));
  expect(successors.map((tokens) => new Set(tokens).size)).to.deep.equal(Array.from({ length: ROUNDS }, () => 1));
  expect(new Set(successors.flat()).size).to.equal(ROUNDS);
}
