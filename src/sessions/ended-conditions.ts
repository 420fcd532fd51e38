import type { EndedSessions } from "./refresh-token-repository.js";

/** A condition on a row of sessions, with its parameters. */
export interface Condition {
  readonly where: string;
  readonly parameters: Readonly<Record<string, Date>>;
}

/**
 * The reasons for which a session is over, each on its own: one index serves each of them, and none would serve them
 * joined with OR.
 */
export function endedConditions({ lastRotatedBefore, createdBefore }: EndedSessions): Condition[] {
  const conditions: Condition[] = [{ where: "revoked IS NOT NULL", parameters: {} }];
  if (lastRotatedBefore) conditions.push({ where: "rotated < :lastRotatedBefore", parameters: { lastRotatedBefore } });
  if (createdBefore) conditions.push({ where: "created < :createdBefore", parameters: { createdBefore } });
  return conditions;
}

/** The condition that at least one of these holds. */
export function anyCondition(conditions: readonly Condition[]): Condition {
  return {
    where: conditions.map(({ where }) => where).join(" OR "),
    parameters: Object.fromEntries(conditions.flatMap(({ parameters }) => Object.entries(parameters))),
  };
}
