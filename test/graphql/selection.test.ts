import { expect } from "chai";
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  parse,
} from "graphql";
import { isSelected } from "../../src/graphql/selection.js";

/** What a resolver of the first field is told, as far as `isSelected` looks at it. */
function resolveInfo(query: string, variableValues: Record<string, unknown> = {}) {
  const { definitions } = parse(query);
  const operation = definitions[0] as OperationDefinitionNode;
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const looks = { count: 0 };
  const counted = new Proxy(Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment])), {
    get(target, name: string): FragmentDefinitionNode | undefined {
      looks.count += 1;
      return target[name];
    },
  });
  const fieldNodes = operation.selectionSet.selections as readonly FieldNode[];
  const info = { fieldNodes, fragments: counted, variableValues } as unknown as GraphQLResolveInfo;
  return { info, looks };
}

describe("isSelected", () => {
  const cases: readonly [query: string, selected: boolean, variables?: Record<string, unknown>][] = [
    ["{ refresh { token } }", false],
    ["{ refresh { token refreshToken } }", true],
    ["{ refresh { other: refreshToken } }", true],
    ["{ refresh { refreshToken: token } }", false],
    ["{ refresh { payload { refreshToken } } }", false],
    ["{ refresh { ... { refreshToken } } }", true],
    ["{ refresh { ...a } } fragment a on R { ...b } fragment b on R { refreshToken }", true],
    ["{ refresh { ...a } } fragment a on R { token } fragment b on R { refreshToken }", false],
    ["{ refresh { token } refresh { refreshToken } }", true],
    ["{ refresh { refreshToken @skip(if: true) } }", false],
    ["{ refresh { refreshToken @include(if: false) } }", false],
    ["query ($yes: Boolean!) { refresh { refreshToken @include(if: $yes) } }", true, { yes: true }],
    ["query ($yes: Boolean!) { refresh { refreshToken @include(if: $yes) } }", false, { yes: false }],
    ["{ refresh { ...a @skip(if: true) } } fragment a on R { refreshToken }", false],
    // Left out in one place, spread in another.
    ["{ refresh { ...a @skip(if: true) ...a } } fragment a on R { refreshToken }", true],
  ];
  for (const [query, selected, variables] of cases) {
    it(`says ${selected} for ${query}`, () => {
      expect(isSelected(resolveInfo(query, variables).info, "refreshToken")).to.equal(selected);
    });
  }

  const below: readonly [query: string, selected: boolean, variables?: Record<string, unknown>][] = [
    ["{ request { token } }", false],
    ["{ request { refreshToken { exp } } }", false],
    ["{ request { refreshToken { __typename } } }", false],
    ["{ request { token refreshToken { exp } } }", false],
    ["{ request { refreshToken { exp { token } } } }", false],
    ["{ request { refreshToken { token } } }", true],
    ["{ request { r: refreshToken { t: token } } }", true],
    ["{ request { refreshToken { token: exp } } }", false],
    ["{ request { refreshToken { exp } again: refreshToken { token } } }", true],
    ["{ request { refreshToken { exp } } request { refreshToken { token } } }", true],
    ["{ request { refreshToken @skip(if: true) { token } } }", false],
    ["{ request { refreshToken { token @skip(if: true) exp } } }", false],
    ["query ($yes: Boolean!) { request { refreshToken { token @include(if: $yes) } } }", true, { yes: true }],
    ["query ($yes: Boolean!) { request { refreshToken { token @include(if: $yes) } } }", false, { yes: false }],
    ["{ request { ...a } } fragment a on T { refreshToken { ...b } } fragment b on R { token }", true],
    ["{ request { ...a } } fragment a on T { refreshToken { ...b } } fragment b on R { exp }", false],
    ["{ request { ... { refreshToken { ... @include(if: false) { token } } } } }", false],
  ];
  for (const [query, selected, variables] of below) {
    it(`says ${selected} of what is below another field for ${query}`, () => {
      expect(isSelected(resolveInfo(query, variables).info, "refreshToken", "token")).to.equal(selected);
    });
  }

  it("looks into a fragment below fields once, however often these are selected", () => {
    const query = `{ request { ${"refreshToken { ...a } ".repeat(20)} } } fragment a on R { exp }`;
    const { info, looks } = resolveInfo(query);
    expect(isSelected(info, "refreshToken", "token")).to.equal(false);
    expect(looks.count).to.equal(1);
  });

  it("looks into a fragment once, however often it is spread", () => {
    const depth = 15;
    const fragments = Array.from({ length: depth }, (_, i) => `fragment f${i} on R { ...f${i + 1} ...f${i + 1} }`);
    const query = `{ refresh { ...f0 } } ${fragments.join(" ")} fragment f${depth} on R { token }`;
    const { info, looks } = resolveInfo(query);
    expect(isSelected(info, "refreshToken")).to.equal(false);
    expect(looks.count).to.equal(depth + 1);
  });
});
