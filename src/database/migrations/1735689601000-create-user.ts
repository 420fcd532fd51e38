import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

import { exactText } from "./exact-text.js";
import { tableName } from "./table-name.js";

export class CreateUser1735689601000 implements MigrationInterface {
  readonly name = "CreateUser1735689601000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const text = exactText(queryRunner);
    const name = tableName(queryRunner, "janus_user");
    await queryRunner.createTable(
      new Table({
        name,
        columns: [
          { name: "id", ...text(36), isPrimary: true },
          { name: "username", ...text(150) },
          { name: "email", ...text(254), isNullable: true },
          { name: "password_hash", ...text(255) },
          { name: "is_active", type: "boolean" },
          { name: "is_staff", type: "boolean" },
          { name: "is_superuser", type: "boolean" },
          { name: "roles", type: "text" },
          { name: "permissions", type: "text" },
          { name: "tokens_valid_after", type: "datetime", precision: 6 },
          { name: "created", type: "datetime", precision: 6 },
        ],
        indices: [
          { name: `${name}_username_idx`, columnNames: ["username"], isUnique: true },
          { name: `${name}_email_idx`, columnNames: ["email"], isUnique: true },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tableName(queryRunner, "janus_user"));
  }
}
