import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/**
 * A session: one row from log in to log out, whatever number of refresh tokens it hands out in between.
 *
 * A host application may extend it with columns of its own, and with another table name:
 * ```ts
 * @Entity("my_refresh_token")
 * class MyRefreshToken extends RefreshToken {
 *   @Column({ type: "varchar", length: 64, nullable: true })
 *   device!: string | null;
 * }
 * ```
 * The repository inserts none of the extra columns: they need a default, or must be nullable. The indexes carry no name
 * here, so that the naming strategy of the data source gives each table its own.
 */
@Entity("refresh_token")
@Index(["hash"], { unique: true })
@Index(["user"])
@Index(["created"])
@Index(["revoked"])
export class RefreshToken {
  /** UUID v7, the public name of the session: `sid` in access tokens. Not derived from the refresh token. */
  @PrimaryColumn({ type: "varchar", length: 36 })
  id!: string;

  /** SHA-256 of the random part that all refresh tokens of the session share: 32 bytes. */
  @Column({ type: "binary", length: 32 })
  hash!: Buffer;

  /** How many times the refresh token was replaced. Only the token of this generation is current. */
  @Column({ type: "int" })
  generation!: number;

  /** The natural key of the user. No foreign key: users may live anywhere. */
  @Column({ type: "varchar", length: 255 })
  user!: string;

  /** When the session was opened. */
  @Column({ type: "datetime", precision: 6 })
  created!: Date;

  /** When the current refresh token was handed out. */
  @Column({ type: "datetime", precision: 6 })
  rotated!: Date;

  /** When the session was last used. */
  @Column({ name: "last_used", type: "datetime", precision: 6 })
  lastUsed!: Date;

  /** When the session was ended, or null. */
  @Column({ type: "datetime", precision: 6, nullable: true })
  revoked!: Date | null;

  /** The `User-Agent` header of the last use. */
  @Column({ name: "user_agent", type: "varchar", length: 255, nullable: true })
  userAgent!: string | null;

  /** The network address of the last use. */
  @Column({ type: "varchar", length: 64, nullable: true })
  address!: string | null;
}
