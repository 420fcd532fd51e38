import { expect } from "chai";
import { IsInt, IsOptional, IsString, MaxLength, validateSync } from "class-validator";
import { assert, constant, constantFrom, oneof, property, record, string, type Arbitrary } from "fast-check";
import {
  RefreshTokenArgs,
  RevokeSessionArgs,
  SetPasswordArgs,
  TokenAuthArgs,
  VerifyTokenArgs,
  WhoseArgs,
} from "../../src/request/inputs.js";
import { quickCheck } from "../../src/request/quick-check.js";

const CLASSES = [TokenAuthArgs, VerifyTokenArgs, RefreshTokenArgs, WhoseArgs, RevokeSessionArgs, SetPasswordArgs];

const NAMES = [
  "username",
  "password",
  "token",
  "refreshToken",
  "user",
  "id",
  "currentPassword",
  "newPassword",
  "other",
];

/** Good and bad values, those around the limits among them. */
const value: Arbitrary<unknown> = oneof(
  string(),
  constantFrom<unknown>(undefined, null, 1, true, {}, ["a"], "a\0b", "\u{1F600}"),
  constantFrom(255, 256, 1024, 1025).map((length) => "x".repeat(length)),
  constantFrom(128, 255, 256).map((length) => "\u{1F600}".repeat(length)),
  constant(new String("text")),
);

const members = record(Object.fromEntries(NAMES.map((name) => [name, value])), { requiredKeys: [] });

describe("the quick check of inputs", () => {
  for (const type of CLASSES) {
    it(`of ${type.name} says what class-validator says`, () => {
      const check = quickCheck(type);
      const names = new Set(Object.keys(new type()));
      assert(
        property(members, (given) => {
          const fitting = Object.fromEntries(
            Object.entries(given).filter(([name]) => names.has(name) || name === "other"),
          );
          for (const input of [Object.assign(new type(), given), Object.assign(new type(), fitting)]) {
            const errors = validateSync(input, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
            expect(check(input)).to.equal(errors.length === 0);
          }
        }),
        { numRuns: 400 },
      );
    });
  }

  it("leaves a class with any other decorator to class-validator", () => {
    class Numbered {
      @IsString()
      @MaxLength(3)
      name = "abc";

      @IsInt()
      count = 1;
    }
    class Several {
      @IsOptional()
      @IsString({ each: true })
      names = ["a"];
    }
    class Grouped {
      @IsString({ groups: ["some"] })
      name = "a";
    }
    for (const type of [Numbered, Several, Grouped]) expect(quickCheck(type)(new type()), type.name).to.equal(false);
  });

  it("admits what clients send", () => {
    const login = Object.assign(new TokenAuthArgs(), { username: "alice", password: "secret" });
    expect(quickCheck(TokenAuthArgs)(login)).to.equal(true);
    expect(quickCheck(VerifyTokenArgs)(new VerifyTokenArgs())).to.equal(true);
  });
});
