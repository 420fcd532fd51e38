import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

import { exactText } from "./exact-text.js";
import { tableName } from "./table-name.js";

export class CreateRefreshToken1735689600000 implements MigrationInterface {
  readonly name = "CreateRefreshToken1735689600000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const text = exactText(queryRunner);
    const name = tableName(queryRunner, "refresh_token");
    await queryRunner.createTable(
      new Table({
        name,
        columns: [
          { name: "id", ...text(36), isPrimary: true },
          { name: "hash", type: "binary", length: "32" },
          { name: "generation", type: "integer" },
          { name: "user", ...text(255) },
          { name: "created", type: "datetime", precision: 6 },
          { name: "rotated", type: "datetime", precision: 6 },
          { name: "last_used", type: "datetime", precision: 6 },
          { name: "revoked", type: "datetime", precision: 6, isNullable: true },
          { name: "user_agent", ...text(255), isNullable: true },
          { name: "address", ...text(64), isNullable: true },
        ],
        indices: [
          { name: `${name}_hash_idx`, columnNames: ["hash"], isUnique: true },
          { name: `${name}_user_idx`, columnNames: ["user"] },
          { name: `${name}_created_idx`, columnNames: ["created"] },
          { name: `${name}_revoked_idx`, columnNames: ["revoked"] },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tableName(queryRunner, "refresh_token"));
  }
}
