import { Field, ID, ObjectType } from "type-graphql";

/** A user as clients see one. */
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
