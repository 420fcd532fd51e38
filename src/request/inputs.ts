import { IsOptional, IsString, Matches, MaxLength } from "../validation.js";
import { ArgsType, Field, ID } from "type-graphql";
import { MAX_PASSWORD_LENGTH } from "../users/new-user.js";

/** Longest username that a login takes, in characters; no user can have a longer one. */
export const MAX_USERNAME_LENGTH = 255;

/** What class-validator is told of a property that nobody is to read over a shoulder. */
export const SECRET = { isSecret: true } as const;

/** Decorates the username of a login. */
export function IsUsername(): PropertyDecorator {
  return all(
    IsText(),
    MaxLength(MAX_USERNAME_LENGTH, { message: "$property must not be longer than $constraint1 characters" }),
    Matches(/^\P{Cc}*$/u, { message: "$property must not contain control characters" }),
  );
}

/** Decorates a password that is to be checked. */
export function IsPassword(): PropertyDecorator {
  return all(
    IsString({ message: "$property must be a string", context: SECRET }),
    MaxLength(MAX_PASSWORD_LENGTH, { message: "$property must not be longer than $constraint1 characters" }),
  );
}

/** Decorates a token, of whatever kind: what is in it is checked where it is read. */
export function IsText(): PropertyDecorator {
  return IsString({ message: "$property must be a string" });
}

/** One decorator of several. The first one that finds something wrong is the one that is told. */
function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of decorators) decorate(prototype, property);
  };
}

/*
 * The arguments of the operations. Each class is the arguments of the GraphQL mutation and, through `inputOf`, the input
 * of the tRPC procedure of the same name. What may be left out is declared alone: TypeGraphQL deletes fields that were not
 * sent, and V8 keeps an object that something was deleted of as a hash table.
 */

@ArgsType()
export class TokenAuthArgs {
  @Field(() => String)
  @IsUsername()
  username!: string;

  @Field(() => String)
  @IsPassword()
  password!: string;
}

@ArgsType()
export class VerifyTokenArgs {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsText()
  declare token?: string | null | undefined;
}

@ArgsType()
export class RefreshTokenArgs {
  /** Single-token mode: a still valid access token. */
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsText()
  declare token?: string | null | undefined;

  /** Long-running mode: the refresh token. */
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsText()
  declare refreshToken?: string | null | undefined;
}

@ArgsType()
export class RevokeTokenArgs {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsText()
  declare refreshToken?: string | null | undefined;
}

@ArgsType()
export class RenewConnectionArgs {
  @Field(() => String)
  @IsText()
  token!: string;
}

/** Whose sessions: one's own, or for staff those of the user with this username. */
@ArgsType()
export class WhoseArgs {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsUsername()
  declare user?: string | null;
}

@ArgsType()
export class RevokeSessionArgs extends WhoseArgs {
  @Field(() => ID)
  @IsText()
  id!: string;
}

@ArgsType()
export class SetPasswordArgs {
  @Field(() => String)
  @IsPassword()
  currentPassword!: string;

  @Field(() => String)
  @IsPassword()
  newPassword!: string;
}
