import { Field, Int, ObjectType } from "type-graphql";

/* The object types of the second contract, named as in strawberry-django-extras. All times are Unix seconds. */

@ObjectType("RefreshedTokenType")
export class RefreshedTokenType {
  @Field(() => String)
  token!: string;

  @Field(() => Int)
  exp!: number;

  @Field(() => Int)
  iat!: number;
}

@ObjectType("TokenType")
export class TokenType {
  @Field(() => String)
  token!: string;

  @Field(() => RefreshedTokenType, { nullable: true })
  refreshToken!: RefreshedTokenType | null;
}

@ObjectType("TokenPayloadType")
export class TokenPayloadType {
  @Field(() => Int, { nullable: true })
  exp!: number | null;

  @Field(() => Int, { nullable: true, description: "`origIat` of the token; null in one that has none." })
  iat!: number | null;
}
