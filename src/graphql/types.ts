import { Field, ID, Int, ObjectType } from "type-graphql";
import { GenericScalar } from "./generic-scalar.js";

/*
 * The object types of the GraphQL contract, named as in django-graphql-jwt. With long-running refresh tokens two of them
 * have another shape under the same name; a schema contains the one or the other, because its resolver does.
 */

@ObjectType("UserType")
export class UserType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  username!: string;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => Boolean)
  isStaff!: boolean;

  @Field(() => Boolean)
  isSuperuser!: boolean;

  @Field(() => [String])
  roles!: string[];

  @Field(() => [String])
  permissions!: string[];
}

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

@ObjectType("Refresh")
export class Refresh {
  @Field(() => String)
  token!: string;

  @Field(() => GenericScalar)
  payload!: unknown;

  @Field(() => Int, { description: "Until when a refresh is possible: Unix seconds." })
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
