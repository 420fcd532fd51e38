import { Field, Int, ObjectType } from "type-graphql";

import { GenericScalar } from "../generic-scalar.js";
import { UserType } from "../user-type.js";

/*
 * The object types of the first contract, named as in django-graphql-jwt. What a login and a refresh answer has another
 * shape under the same name in each mode; a schema contains the one whose resolver it has.
 */

@ObjectType("Verify")
export class Verify {
  @Field(() => GenericScalar)
  payload!: unknown;
}

@ObjectType("Revoke")
export class Revoke {
  @Field(() => Int, { description: "When the refresh token was revoked: Unix seconds." })
  revoked!: number;
}

@ObjectType("DeleteJSONWebTokenCookie")
export class DeleteJSONWebTokenCookie {
  @Field(() => Boolean)
  deleted!: boolean;
}

@ObjectType("DeleteRefreshTokenCookie")
export class DeleteRefreshTokenCookie {
  @Field(() => Boolean)
  deleted!: boolean;
}

const REFRESH_EXPIRES_IN = { description: "Until when a refresh is possible: Unix seconds." };

@ObjectType("Refresh")
export class Refresh {
  @Field(() => String)
  token!: string;

  @Field(() => GenericScalar)
  payload!: unknown;

  @Field(() => Int, REFRESH_EXPIRES_IN)
  refreshExpiresIn!: number;
}

@ObjectType("ObtainJSONWebToken")
export class ObtainJSONWebToken extends Refresh {
  @Field(() => UserType)
  user!: UserType;
}

@ObjectType("Refresh")
export class LongRunningRefresh extends Refresh {
  @Field(() => String)
  refreshToken!: string;
}

@ObjectType("ObtainJSONWebToken")
export class LongRunningObtainJSONWebToken extends LongRunningRefresh {
  @Field(() => UserType)
  user!: UserType;
}

/** With `hideTokenFields`, in either mode. */
@ObjectType("Refresh")
export class HiddenRefresh {
  @Field(() => GenericScalar)
  payload!: unknown;

  @Field(() => Int, REFRESH_EXPIRES_IN)
  refreshExpiresIn!: number;
}

@ObjectType("ObtainJSONWebToken")
export class HiddenObtainJSONWebToken extends HiddenRefresh {
  @Field(() => UserType)
  user!: UserType;
}
