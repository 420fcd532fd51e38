import { IsOptional } from "../../validation.js";
import { ArgsType, Field } from "type-graphql";

import { IsPassword, IsText, IsUsername } from "../../request/inputs.js";

/** Either a username and a password, or a refresh token. Null is not the same as nothing. */
@ArgsType()
export class RequestTokenArgs {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsUsername()
  username?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsPassword()
  password?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsText()
  refreshToken?: string | null;
}

@ArgsType()
export class TokenArgs {
  @Field(() => String)
  @IsText()
  token!: string;
}
