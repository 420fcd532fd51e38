import { Column, Entity, Index, PrimaryColumn } from "typeorm";

import type { AuthUser } from "../auth-user.js";

/** The row of a user. It has the password hash and therefore never leaves `TypeOrmUsers`: callers get a `UserAccount`. */
@Entity("janus_user")
@Index(["username"], { unique: true })
@Index(["email"], { unique: true })
export class User implements AuthUser {
  /** UUID v7. */
  @PrimaryColumn({ type: "varchar", length: 36 })
  id!: string;

  /** Unicode normalisation form NFKC, and case-sensitive. */
  @Column({ type: "varchar", length: 150 })
  username!: string;

  @Column({ type: "varchar", length: 254, nullable: true })
  email!: string | null;

  /** An argon2id hash in PHC string format. */
  @Column({ name: "password_hash", type: "varchar", length: 255 })
  passwordHash!: string;

  @Column({ name: "is_active", type: "boolean" })
  isActive!: boolean;

  @Column({ name: "is_staff", type: "boolean" })
  isStaff!: boolean;

  @Column({ name: "is_superuser", type: "boolean" })
  isSuperuser!: boolean;

  @Column({ type: "simple-json" })
  roles!: string[];

  @Column({ type: "simple-json" })
  permissions!: string[];

  /** When the password was last set. A user who is created again does not inherit the sessions of the one before. */
  @Column({ name: "tokens_valid_after", type: "datetime", precision: 6 })
  tokensValidAfter!: Date;

  @Column({ type: "datetime", precision: 6 })
  created!: Date;
}
