import { expect } from "chai";
import {
  Authorized,
  buildSchema,
  type ClassType,
  Field,
  FieldResolver,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
} from "type-graphql";
import { createAuth, createGraphQLHandler, MissingRulesError, Public } from "../../src/index.js";
import { SECRET_KEY } from "../support/forge.js";

@InterfaceType("SimpleField")
abstract class SimpleField {
  @Authorized()
  @Field(() => String, { simple: true })
  secret = "told";
}

@InterfaceType("RuledField")
abstract class RuledField {
  @Authorized()
  @Field(() => String)
  secret = "told";
}

@Authorized()
@InterfaceType("RuledInterface")
abstract class RuledInterface {
  @Field(() => String)
  secret = "told";
}

@ObjectType("SimpleBase", { simpleResolvers: true })
class SimpleBase {
  @Authorized()
  @Field(() => String)
  secret = "told";
}

@ObjectType("AskedBase")
class AskedBase {
  @Authorized()
  @Field(() => String)
  secret = "told";
}

@Authorized()
@ObjectType("RuledBase")
class RuledBase {
  @Field(() => String, { simple: true })
  secret = "told";
}

@ObjectType("OfSimpleField", { implements: SimpleField })
class OfSimpleField extends SimpleField {}

@ObjectType("SimpleOfField", { implements: RuledField, simpleResolvers: true })
class SimpleOfField extends RuledField {}

@ObjectType("SimpleOfInterface", { implements: RuledInterface, simpleResolvers: true })
class SimpleOfInterface extends RuledInterface {}

/** Has only what the interface declares of it. */
@ObjectType("SimpleBeside", { implements: RuledField, simpleResolvers: true })
class SimpleBeside {
  secret = "told";
}

@ObjectType("OfSimpleBase")
class OfSimpleBase extends SimpleBase {}

@ObjectType("OfRuledBase")
class OfRuledBase extends RuledBase {}

@ObjectType("TwiceRemoved")
class TwiceRemoved extends SimpleOfField {}

@ObjectType("AskedOfField", { implements: RuledField })
class AskedOfField extends RuledField {}

@ObjectType("AskedOfInterface", { implements: RuledInterface })
class AskedOfInterface extends RuledInterface {}

/** What is extended keeps its resolver, and so its rule. */
@ObjectType("SimpleOfAskedBase", { simpleResolvers: true })
class SimpleOfAskedBase extends AskedBase {
  @Field(() => String)
  other = "told";
}

@ObjectType("Resolved")
class Resolved extends SimpleBase {
  @Authorized()
  @Field(() => String)
  override secret = "told";
}

/** Declares the field anew, for everybody. */
@ObjectType("Opened", { implements: RuledField })
class Opened extends RuledField {
  @Field(() => String, { simple: true })
  override secret = "open";
}

@ObjectType("ByResolver", { implements: SimpleField })
class ByResolver extends SimpleField {}

@Resolver(() => ByResolver)
class ByResolverResolver {
  @Authorized()
  @FieldResolver(() => String)
  secret(): string {
    return "told";
  }
}

/** A query for an object of this type. */
function resolverOf(type: ClassType): ClassType {
  @Resolver()
  class OneResolver {
    @Public()
    @Query(() => type)
    one(): object {
      return new type();
    }
  }
  return OneResolver;
}

/** What is found in a schema with this type, and what somebody without a token is told. */
async function lookAt(type: ClassType, ...others: ClassType[]) {
  const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
  const auth = await createAuth({ users, secretKey: SECRET_KEY, settings: { requireRules: true } });
  const resolvers = [resolverOf(type), ...others] as const;
  const schema = await buildSchema({ resolvers, authChecker: auth.authChecker, validate: false });
  const refused: unknown = await auth.assertRules({ resolvers, schema }).catch((reason: unknown) => reason);
  const request = { method: "POST", url: "/graphql", headers: { "content-type": "application/json" } };
  const { body } = await createGraphQLHandler(schema)({
    request,
    body: JSON.stringify({ query: "{ one { secret } }" }),
    context: await auth.context(request),
    onServerError: (error) => expect.fail(String(error)),
  });
  return { missing: refused instanceof MissingRulesError ? refused.missing : [], answer: JSON.parse(body) };
}

const why = "GraphQL field: it is simple, so its rule is never asked";

describe("rules on simple fields that a type has from elsewhere", () => {
  const never: readonly (readonly [where: string, type: ClassType])[] = [
    ["of a simple field of its interface", OfSimpleField],
    ["of a field of an interface, where the type has simple resolvers", SimpleOfField],
    ["of an interface as a whole, where the type has simple resolvers", SimpleOfInterface],
    ["of an interface whose class it does not extend", SimpleBeside],
    ["of a type with simple resolvers that it extends", OfSimpleBase],
    ["of a type as a whole that it extends, with a simple field", OfRuledBase],
    ["of an interface of a type that it extends", TwiceRemoved],
  ];
  for (const [where, type] of never) {
    it(`are found, because they are never asked: ${where}`, async () => {
      const { missing, answer } = await lookAt(type);
      expect(answer).to.deep.equal({ data: { one: { secret: "told" } } });
      expect(missing).to.deep.equal([`${type.name}.secret (${why})`]);
    });
  }

  const asked: readonly (readonly [where: string, type: ClassType, ...others: ClassType[]])[] = [
    ["of a field of its interface", AskedOfField],
    ["of an interface as a whole", AskedOfInterface],
    ["of a type that one with simple resolvers extends", SimpleOfAskedBase],
    ["of its own, where the type that it extends has simple resolvers", Resolved],
    ["of the resolver of a simple field of its interface", ByResolver, ByResolverResolver],
  ];
  for (const [where, type, ...others] of asked) {
    it(`are not found where they are asked: ${where}`, async () => {
      const { missing, answer } = await lookAt(type, ...others);
      expect(answer.errors[0].extensions.code).to.equal("UNAUTHENTICATED");
      expect(answer.data).to.equal(null);
      expect(missing).to.deep.equal([]);
    });
  }

  it("are not found where the type declares the field anew without one", async () => {
    const { missing, answer } = await lookAt(Opened);
    expect(answer).to.deep.equal({ data: { one: { secret: "open" } } });
    expect(missing).to.deep.equal([]);
  });
});
