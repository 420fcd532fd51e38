import { IsOptional, IsString, Matches, MaxLength } from "class-validator";
import { ArgsType, Field } from "type-graphql";
import { MAX_PASSWORD_LENGTH } from "../users/new-user.js";

/** Longest username that a login takes, in characters; no user can have a longer one. */
export const MAX_USERNAME_LENGTH = 255;

/*
 * The arguments of the operations. Each class is the arguments of the GraphQL mutation and, through `inputOf`, the input
 * of the tRPC procedure of the same name.
 */

@ArgsType()
export class TokenAuthArgs {
  @Field(() => String)
  @Matches(/^\P{Cc}*$/u, { message: "username must not contain control characters" })
  @MaxLength(MAX_USERNAME_LENGTH, { message: "username must not be longer than $constraint1 characters" })
  @IsString({ message: "username must be a string" })
  username!: string;

  @Field(() => String)
  @MaxLength(MAX_PASSWORD_LENGTH, { message: "password must not be longer than $constraint1 characters" })
  @IsString({ message: "password must be a string" })
  password!: string;
}

@ArgsType()
export class VerifyTokenArgs {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString({ message: "token must be a string" })
  token?: string | null | undefined;
}

@ArgsType()
export class RefreshTokenArgs {
  /** Single-token mode: a still valid access token. */
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString({ message: "token must be a string" })
  token?: string | null | undefined;

  /** Long-running mode: the refresh token. */
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString({ message: "refreshToken must be a string" })
  refreshToken?: string | null | undefined;
}

@ArgsType()
export class RevokeTokenArgs {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString({ message: "refreshToken must be a string" })
  refreshToken?: string | null | undefined;
}
