import type { DataSource } from "typeorm";

type LogQuery = DataSource["logger"]["logQuery"];

/** Tells of each statement before it is sent, for as long as something happens. */
export async function watchStatements<T>(
  dataSource: DataSource,
  logQuery: LogQuery,
  happen: () => Promise<T>,
): Promise<T> {
  const { logger } = dataSource;
  const watching = Object.create(logger) as DataSource["logger"];
  watching.logQuery = logQuery;
  Object.assign(dataSource, { logger: watching });
  try {
    return await happen();
  } finally {
    Object.assign(dataSource, { logger });
  }
}

/** The statements that a data source sends while something happens, in order. */
export async function statementsDuring(dataSource: DataSource, happen: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  await watchStatements(dataSource, (sql) => void statements.push(sql), happen);
  return statements;
}
