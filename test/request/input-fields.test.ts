import { IsArray, IsBoolean, IsInt, IsOptional } from "class-validator";
import { expect } from "chai";
import { inputFields } from "../../src/request/input-fields.js";
import { RevokeSessionArgs, SetPasswordArgs } from "../../src/request/inputs.js";

class Everything {
  @IsInt()
  count!: number;

  @IsOptional()
  @IsBoolean()
  really?: boolean;

  @IsArray()
  list!: unknown[];
}

class Plain {
  name = "";
}

describe("inputFields", () => {
  const kinds = (type: new () => object) =>
    inputFields(type).map(({ name, type: kind, isOptional, isSecret }) => [name, kind, isOptional, isSecret]);

  it("names the arguments with their types", () => {
    expect(kinds(Everything)).to.deep.equal([
      ["count", "number", false, false],
      ["really", "boolean", true, false],
      ["list", "json", false, false],
    ]);
  });

  it("knows those that are inherited", () => {
    expect(kinds(RevokeSessionArgs)).to.have.deep.members([
      ["id", "text", false, false],
      ["user", "text", true, false],
    ]);
  });

  it("knows what nobody is to read over a shoulder", () => {
    expect(kinds(SetPasswordArgs)).to.deep.equal([
      ["currentPassword", "text", false, true],
      ["newPassword", "text", false, true],
    ]);
  });

  it("knows no arguments of a class without decorators", () => {
    expect(kinds(Plain)).to.deep.equal([]);
  });
});
