import { expect } from "chai";
import { assertAllowed, assertIsRule, type Rule } from "../../src/auth/rules.js";
import type { AuthUser } from "../../src/auth-user.js";

const SUBJECT = { args: { owner: "editor" }, root: { id: 1 } };

function user(properties: Partial<AuthUser> = {}): AuthUser {
  return { id: "1", isActive: true, ...properties };
}

const USERS = {
  plain: user(),
  editor: user({ roles: ["editor", "author"], permissions: [] }),
  permitted: user({ permissions: ["recipes.edit", "recipes.view"] }),
  staff: user({ isStaff: true }),
  superuser: user({ isSuperuser: true }),
};

/** Rules, and those of `USERS` whom they admit. */
const ADMITTED: [rules: Rule[], admitted: (keyof typeof USERS)[]][] = [
  [[], ["plain", "editor", "permitted", "staff", "superuser"]],
  [["editor"], ["editor"]],
  [["author"], ["editor"]],
  [["Editor"], []],
  [["edit"], []],
  [["perm:recipes.edit"], ["permitted", "superuser"]],
  [["perm:recipes.delete"], ["superuser"]],
  [["perm:recipes"], ["superuser"]],
  [["recipes.edit"], []],
  [["staff"], ["staff"]],
  [["superuser"], ["superuser"]],
  [
    ["editor", "perm:recipes.edit"],
    ["editor", "permitted", "superuser"],
  ],
  [
    ["staff", "superuser"],
    ["staff", "superuser"],
  ],
  [[() => true], ["plain", "editor", "permitted", "staff", "superuser"]],
  [[() => false], []],
  [[async () => true], ["plain", "editor", "permitted", "staff", "superuser"]],
  [[async () => false], []],
  [[() => false, "editor"], ["editor"]],
  [[({ isStaff }) => isStaff === true], ["staff"]],
  [[({ roles }, { args }) => roles?.includes(String(args["owner"])) === true], ["editor"]],
  // What is not `true` does not admit, however true it looks.
  [[(() => "yes") as never], []],
  [[(() => 1) as never], []],
  [[(() => ({})) as never], []],
  [[(() => undefined) as never], []],
];

describe("assertAllowed", () => {
  for (const [rules, admitted] of ADMITTED) {
    it(`admits ${admitted.join(", ") || "nobody"} by [${rules.map(String).join(", ")}]`, async () => {
      const allowed: string[] = [];
      for (const [name, someone] of Object.entries(USERS)) {
        const outcome: unknown = await assertAllowed(someone, rules, SUBJECT).catch((error: unknown) => error);
        if (outcome === someone) allowed.push(name);
        else
          expect(outcome).to.include({
            code: "FORBIDDEN",
            message: "You do not have permission to perform this action",
          });
      }
      expect(allowed).to.deep.equal(admitted);
    });

    it(`tells an anonymous request that it is one, by [${rules.map(String).join(", ")}]`, async () => {
      const message = "You do not have permission to perform this action";
      for (const nobody of [null, undefined as never]) {
        const outcome: unknown = await assertAllowed(nobody, rules, SUBJECT).catch((error: unknown) => error);
        expect(outcome).to.include({ code: "UNAUTHENTICATED", message });
      }
    });
  }

  for (const rule of ["editor", "perm:recipes.edit"]) {
    it(`admits nobody by "${rule}" whose names are a text that has it as a part`, async () => {
      const unparsed = user({ roles: "non-editor" as never, permissions: "no recipes.edit" as never });
      const outcome: unknown = await assertAllowed(unparsed, [rule], SUBJECT).catch((error: unknown) => error);
      const message = "You do not have permission to perform this action";
      expect(outcome).to.include({ code: "FORBIDDEN", message });
    });
  }

  it("asks no predicate for an anonymous request", async () => {
    let asked = false;
    const rule: Rule = () => (asked = true);
    await assertAllowed(null, [rule], SUBJECT).catch(() => undefined);
    expect(asked).to.equal(false);
  });

  it("asks the predicates in order, each with the user and the subject, until one admits", async () => {
    const asked: unknown[][] = [];
    const rule =
      (name: string, admits: boolean): Rule =>
      (...given) => {
        asked.push([name, ...given]);
        return admits;
      };
    await assertAllowed(USERS.plain, [rule("first", false), rule("second", true), rule("third", true)], SUBJECT);
    expect(asked).to.deep.equal([
      ["first", USERS.plain, SUBJECT],
      ["second", USERS.plain, SUBJECT],
    ]);
  });

  it("denies with the error of a predicate that throws", async () => {
    const error = new Error("the predicate's own");
    const rules = [() => Promise.reject(error), () => true];
    expect(await assertAllowed(USERS.plain, rules, SUBJECT).catch((reason: unknown) => reason)).to.equal(error);
  });
});

describe("a rule that is none", () => {
  const NONE: [rule: unknown, message: string][] = [
    ["", 'A rule must name a role or a permission, not "".'],
    ["perm:", 'A rule must name a role or a permission, not "perm:".'],
    [undefined, "A rule is a text or a function, not a value of type undefined."],
    [null, "A rule is a text or a function, not a value of type object."],
    [true, "A rule is a text or a function, not a value of type boolean."],
    [["editor"], "A rule is a text or a function, not a value of type object."],
  ];
  for (const [rule, message] of NONE) {
    it(`is a mistake that admits nobody: ${JSON.stringify(rule)}`, async () => {
      expect(() => assertIsRule(rule)).to.throw(TypeError, message);
      for (const someone of [null, USERS.superuser]) {
        const rules = ["superuser", rule] as Rule[];
        const outcome: unknown = await assertAllowed(someone, rules, SUBJECT).catch((error: unknown) => error);
        expect(outcome).to.be.instanceOf(TypeError);
        expect((outcome as Error).message).to.equal(message);
      }
    });
  }
});
