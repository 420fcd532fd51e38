import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/** How often somebody guessed: a row for each name and address of a window. Rows whose window is over are deleted. */
@Entity("login_attempt")
@Index(["ends"])
export class LoginAttempt {
  /** The limit, and a keyed hash of the name or address: neither can be read from it. */
  @PrimaryColumn({ name: "key_hash", type: "varchar", length: 80 })
  keyHash!: string;

  @Column({ type: "int" })
  points!: number;

  /** When the window ends, milliseconds since 1970. Text in JavaScript, as TypeORM reads every `bigint`. */
  @Column({ type: "bigint" })
  ends!: string;
}
