import { Column, Entity, type MigrationInterface, PrimaryGeneratedColumn, type QueryRunner, Table } from "typeorm";

/** An entity of the host's own, beside our sessions. */
@Entity("recipe")
export class RecipeRow {
  @PrimaryGeneratedColumn({ type: "integer" })
  id!: number;

  @Column({ type: "varchar", length: 100 })
  title!: string;
}

/** The host's own migration, older than one of ours and newer than another. */
export class CreateRecipe1735689600500 implements MigrationInterface {
  readonly name = "CreateRecipe1735689600500";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: queryRunner.dataSource.getMetadata(RecipeRow).tableName,
        columns: [
          { name: "id", type: "integer", isPrimary: true, isGenerated: true, generationStrategy: "increment" },
          { name: "title", type: "varchar", length: "100" },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(queryRunner.dataSource.getMetadata(RecipeRow).tableName);
  }
}
