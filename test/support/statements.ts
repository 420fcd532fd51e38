import type { DataSource } from "typeorm";

/** The statements that a data source sends while something happens, in order. */
export async function statementsDuring(dataSource: DataSource, happen: () => Promise<unknown>): Promise<string[]> {
  const { logger } = dataSource;
  const statements: string[] = [];
  const setLogger = (to: DataSource["logger"]) => Object.assign(dataSource, { logger: to });
  const recording: DataSource["logger"] = Object.create(logger) as DataSource["logger"];
  recording.logQuery = (query) => void statements.push(query);
  setLogger(recording);
  try {
    await happen();
  } finally {
    setLogger(logger);
  }
  return statements;
}
