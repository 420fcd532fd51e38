import type { MigrationInterface, QueryRunner } from "typeorm";

import { tableName } from "./table-name.js";

/** Roles and permissions had the default character set of the database, which may not hold every character. */
export class ExactUserRights1735689603000 implements MigrationInterface {
  readonly name = "ExactUserRights1735689603000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const { driver, options } = queryRunner.dataSource;
    if (options.type === "better-sqlite3") return; // It has but one character set.
    const exact = "text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL";
    // Not `changeColumn`, which may make a column anew, without what was in it.
    await queryRunner.query(
      `ALTER TABLE ${driver.escape(tableName(queryRunner, "janus_user"))} ` +
        `MODIFY ${driver.escape("roles")} ${exact}, MODIFY ${driver.escape("permissions")} ${exact}`,
    );
  }

  /** The columns stay: what is in them by now may not fit what they were. */
  async down(): Promise<void> {}
}
