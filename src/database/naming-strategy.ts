import { DefaultNamingStrategy, type Table, type View } from "typeorm";

/**
 * Names an index after its table and columns: `refresh_token_user_idx`. An index that names itself in a decorator would
 * carry that name into every subclass of the entity, and SQLite wants index names unique in the whole database.
 */
export class IndexNamingStrategy extends DefaultNamingStrategy {
  override indexName(tableOrName: Table | View | string, columns: string[]): string {
    const path = typeof tableOrName === "string" ? tableOrName : tableOrName.name;
    const table = path.slice(path.lastIndexOf(".") + 1); // MySQL puts the name of the database before it
    return `${table}_${columns.join("_")}_idx`;
  }
}
