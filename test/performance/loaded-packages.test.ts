import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as classValidator from "class-validator";
import * as validation from "../../src/validation.js";
import { SECRET_KEY } from "../support/forge.js";

/*
 * What a start loads is most of what it takes, and of what an idle server holds. It is counted by packages, the same on
 * every machine.
 */

/** Starts a server on SQLite, has it answer, and writes the files of CommonJS that the process has loaded. */
const START = `
  import "reflect-metadata";
  import { createRequire } from "node:module";
  const { createServer } = await import(${JSON.stringify(new URL("../../src/server/index.js", import.meta.url).href)});
  const server = await createServer({ environment: process.env });
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: '{"query":"{ __typename }"}' };
  const answer = await (await fetch(server.url + "/graphql", request)).text();
  await server.close();
  console.log(JSON.stringify({ answer, files: Object.keys(createRequire(process.cwd() + "/x.js").cache) }));
`;

describe("a server that starts on SQLite", () => {
  let directory: string;
  let packages: Map<string, number>;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "janus-loaded-"));
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", START], {
      env: { PORT: "0", LOG_LEVEL: "silent", SECRET_KEY, JANUS_DATA_DIR: directory, NODE_ENV: "production" },
      encoding: "utf8",
    });
    const { answer, files } = JSON.parse(output) as { answer: string; files: string[] };
    expect(answer).to.equal('{"data":{"__typename":"Query"}}');
    packages = countByPackage(files);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("has loaded what it uses", () =>
    expect([...packages.keys()]).to.include.members(["typeorm", "graphql", "fastify", "class-validator"]));

  for (const name of ["libphonenumber-js", "@redis/client", "mysql2", "ajv", "@fastify/fast-json-stringify-compiler"]) {
    it(`has not loaded ${name}`, () => expect([...packages.keys()]).not.to.include(name));
  }

  it("has loaded a few files of validator.js, not the hundred that there are", () =>
    expect(packages.get("validator")).to.be.within(1, 12));
});

describe("class-validator by its files", () => {
  it("is what its index exports: the same decorators and functions, and one storage", () => {
    const { validateSync: _, ...parts } = validation;
    expect(Object.keys(parts)).to.have.length.above(15);
    const whole = new Map<string, unknown>(Object.entries(classValidator));
    for (const [name, part] of Object.entries(parts)) expect(part, name).to.equal(whole.get(name));
  });

  it("finds what its own validateSync finds", () => {
    class Input {
      name: unknown = 1;
    }
    classValidator.IsString({ message: "no text" })(Input.prototype, "name");
    validation.MaxLength(3, { message: "too long" })(Input.prototype, "name");
    const expected = classValidator.validateSync(new Input());
    expect(expected[0]?.constraints).to.deep.equal({ isString: "no text", maxLength: "too long" });
    expect(validation.validateSync(new Input())).to.deep.equal(expected);
    const options = { validationError: { target: false } };
    expect(validation.validateSync(new Input(), options)).to.deep.equal(
      classValidator.validateSync(new Input(), options),
    );
  });
});

function countByPackage(files: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of files) {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
