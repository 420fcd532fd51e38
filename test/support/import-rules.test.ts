import { expect } from "chai";
import { clientViolations, importCircles, layerViolations } from "./import-rules.js";
import type { SourceFile } from "./source-file.js";

/** A tree from `path: text`. */
function tree(files: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

describe("layerViolations", () => {
  const allowed: readonly (readonly [from: string, to: string])[] = [
    ["src/cli/main.ts", "../server/create-server.js"],
    ["src/server/create-server.ts", "../create-auth.js"],
    ["src/index.ts", "./create-auth.js"],
    ["src/create-auth.ts", "./graphql/schema.js"],
    ["src/graphql/schema.ts", "../request/context.js"],
    ["src/trpc/router.ts", "../auth/rules.js"],
    ["src/auth/auth-service.ts", "../tokens/access-token.js"],
    ["src/auth/auth-service.ts", "./rules.js"],
    ["src/sessions/repository.ts", "../database/retry.js"],
    ["src/database/data-source.ts", "../settings/jwt-settings.js"],
    ["src/settings/load/profile.ts", "../../errors.js"],
    ["src/auth-user.ts", "./clock.js"],
  ];
  for (const [from, to] of allowed) {
    it(`lets ${from} import ${to}`, () => {
      expect(layerViolations(tree({ [from]: `import { a } from "${to}";` }))).to.deep.equal([]);
    });
  }

  const forbidden: readonly (readonly [from: string, to: string, resolved: string])[] = [
    ["src/auth/rules.ts", "../graphql/schema.js", "src/graphql/schema.ts"],
    ["src/graphql/schema.ts", "../trpc/router.js", "src/trpc/router.ts"],
    ["src/trpc/router.ts", "../graphql/schema.js", "src/graphql/schema.ts"],
    ["src/sessions/repository.ts", "../users/user.js", "src/users/user.ts"],
    ["src/users/user.ts", "../tokens/claims.js", "src/tokens/claims.ts"],
    ["src/database/data-source.ts", "../users/user.js", "src/users/user.ts"],
    ["src/graphql/schema.ts", "../create-auth.js", "src/create-auth.ts"],
    ["src/server/create-server.ts", "../cli/main.js", "src/cli/main.ts"],
    ["src/index.ts", "./client/client.js", "src/client/client.ts"],
    ["src/errors.ts", "./settings/jwt-settings.js", "src/settings/jwt-settings.ts"],
    ["src/auth/rules.ts", "../../test/support/databases.js", "test/support/databases.ts"],
  ];
  for (const [from, to, resolved] of forbidden) {
    it(`does not let ${from} import ${to}`, () => {
      expect(layerViolations(tree({ [from]: `import { a } from "${to}";` }))).to.deep.equal([
        `${from} imports ${resolved}`,
      ]);
    });
  }

  const forms = {
    "of types": 'import type { A } from "../graphql/a.js";',
    "of a type among values": 'import { b, type A } from "../graphql/a.js";',
    "over several lines": 'import {\n  a,\n  b,\n} from "../graphql/a.js";',
    "for its effect": 'import "../graphql/a.js";',
    "of a whole module": "import * as a from '../graphql/a.js';",
    "by a re-export": 'export { a } from "../graphql/a.js";',
    "at run time": 'const a = await import("../graphql/a.js");',
    "as a type expression": 'type A = import("../graphql/a.js").A;',
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`sees an import ${form}`, () => {
      expect(layerViolations(tree({ "src/auth/a.ts": `const first = 1;\n${text}\n` }))).to.deep.equal([
        "src/auth/a.ts imports src/graphql/a.ts",
      ]);
    });
  }

  it("takes no example in a comment for an import", () => {
    expect(
      layerViolations(tree({ "src/auth/a.ts": '/**\n * import { a } from "../graphql/a.js";\n */' })),
    ).to.deep.equal([]);
  });

  it("names files that have no layer", () => {
    expect(layerViolations(tree({ "src/strings.ts": "", "src/tools/a.ts": "" }))).to.deep.equal([
      "src/strings.ts belongs to no layer",
      "src/tools/a.ts belongs to no layer",
    ]);
  });
});

describe("clientViolations", () => {
  it("lets the client import types of the server, and anything of its own", () => {
    const text = 'import type { Router } from "../trpc/router.js";\nimport { link } from "./link.js";';
    expect(clientViolations(tree({ "src/client/client.ts": text }))).to.deep.equal([]);
  });

  it("does not let the client import a value", () => {
    const text = 'import { type Router, router } from "../trpc/router.js";';
    expect(clientViolations(tree({ "src/client/client.ts": text }))).to.deep.equal([
      "src/client/client.ts imports more than types of src/trpc/router.ts",
    ]);
  });
});

describe("importCircles", () => {
  it("finds a circle, of types too", () => {
    const files = tree({
      "src/a.ts": 'import { b } from "./b.js";',
      "src/b.ts": 'import { c } from "./c/c.js";',
      "src/c/c.ts": 'import type { B } from "../b.js";',
    });
    expect(importCircles(files)).to.deep.equal(["src/b.ts -> src/c/c.ts -> src/b.ts"]);
  });

  it("finds a file that imports itself", () => {
    expect(importCircles(tree({ "src/a.ts": 'export { x } from "./a.js";' }))).to.deep.equal(["src/a.ts -> src/a.ts"]);
  });

  it("takes two ways to one file for no circle", () => {
    const files = tree({
      "src/a.ts": 'import { b } from "./b.js";\nimport { c } from "./c.js";',
      "src/b.ts": 'import { c } from "./c.js";',
      "src/c.ts": "",
    });
    expect(importCircles(files)).to.deep.equal([]);
  });
});
