import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

import { exactText } from "./exact-text.js";
import { tableName } from "./table-name.js";

export class CreateLoginAttempt1735689602000 implements MigrationInterface {
  readonly name = "CreateLoginAttempt1735689602000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const text = exactText(queryRunner);
    const name = tableName(queryRunner, "login_attempt");
    await queryRunner.createTable(
      new Table({
        name,
        columns: [
          { name: "key_hash", ...text(80), isPrimary: true },
          { name: "points", type: "integer" },
          { name: "ends", type: "bigint" },
        ],
        indices: [{ name: `${name}_ends_idx`, columnNames: ["ends"] }],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tableName(queryRunner, "login_attempt"));
  }
}
