import type { QueryRunner } from "typeorm";

/** The name of a table as the entities of the data source have it: a host may put an `entityPrefix` before all of its tables. */
export function tableName({ dataSource }: QueryRunner, name: string): string {
  const { options, namingStrategy } = dataSource;
  return options.entityPrefix ? namingStrategy.prefixTableName(options.entityPrefix, name) : name;
}
