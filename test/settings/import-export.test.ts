import { join } from "node:path";

import { expect } from "chai";

import { createSettings } from "../../src/settings/create-settings.js";
import { problemsOf, SECRET } from "./problems-of.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const MODULE = `
export function encode() { return "a token"; }
export const customResponse = () => ({ status: 401, headers: {}, body: "custom" });
export class Session {}
export const text = "no function";
export default () => "the default export";
`;

describe("a handler named in the environment", () => {
  const { path, write } = temporaryDirectory();
  before(async () => {
    await write("handlers.mjs", MODULE);
    await write("throws.mjs", 'throw new RangeError("/etc/secrets is not readable: hunter2");');
    await write("throws-text.mjs", 'throw "hunter2";');
    await write("broken.mjs", "export const = ;");
    await write("dependent.mjs", 'import "./nowhere.mjs"; export const encode = () => "";');
  });

  const settingsOf = async (environment: Record<string, string>) =>
    (await createSettings({ environment, secretKey: SECRET, directory: path() })).settings;

  it("is imported from the directory", async () => {
    const { encodeHandler } = await settingsOf({ JWT_ENCODE_HANDLER: "./handlers.mjs#encode" });
    if (!encodeHandler) expect.fail("no handler");
    expect(encodeHandler.name).to.equal("encode");
    expect(Reflect.apply(encodeHandler, undefined, [])).to.equal("a token");
  });

  it("is imported from an absolute path", async () => {
    const { encodeHandler } = await settingsOf({ JWT_ENCODE_HANDLER: `${join(path(), "handlers.mjs")}#encode` });
    expect(encodeHandler?.name).to.equal("encode");
  });

  it("may be the default export", async () => {
    const { payloadGetUsernameHandler } = await settingsOf({
      JWT_PAYLOAD_GET_USERNAME_HANDLER: "./handlers.mjs#default",
    });
    expect(payloadGetUsernameHandler?.({})).to.equal("the default export");
  });

  it("may be a class, for the model", async () => {
    const { refreshTokenModel } = await settingsOf({ JWT_REFRESH_TOKEN_MODEL: "./handlers.mjs#Session" });
    expect(refreshTokenModel?.name).to.equal("Session");
  });

  it("may stand in for a built-in response handler", async () => {
    const { unauthorizedResponseHandler } = await settingsOf({
      JWT_UNAUTHORIZED_RESPONSE_HANDLER: "./handlers.mjs#customResponse",
    });
    expect(unauthorizedResponseHandler).to.be.a("function").with.property("name", "customResponse");
  });

  for (const [title, text, problem] of [
    ["a module that is missing", "./missing.mjs#encode", "names a module that does not exist: ./missing.mjs"],
    ["an export that is missing", "./handlers.mjs#enc", "names an export that ./handlers.mjs does not have: enc"],
    [
      "a property every object has",
      "./handlers.mjs#toString",
      "names an export that ./handlers.mjs does not have: toString",
    ],
    ["what is no function", "./handlers.mjs#text", "names an export of ./handlers.mjs that is no function: text"],
    [
      "a module that throws",
      "./throws.mjs#f",
      "names a module that throws when it is imported (RangeError): ./throws.mjs",
    ],
    [
      "a module that throws text",
      "./throws-text.mjs#f",
      "names a module that throws when it is imported (value): ./throws-text.mjs",
    ],
    [
      "a module that is no JavaScript",
      "./broken.mjs#f",
      "names a module that throws when it is imported (SyntaxError): ./broken.mjs",
    ],
    [
      "a module whose import is missing",
      "./dependent.mjs#encode",
      "names a module that throws when it is imported (Error): ./dependent.mjs",
    ],
  ] as const) {
    it(`is refused for ${title}`, async () => {
      const environment = { JWT_ENCODE_HANDLER: text };
      const problems = await problemsOf({ environment, directory: path() });
      expect(problems).to.deep.equal([`JWT_ENCODE_HANDLER ${problem}`]);
    });
  }

  it("is refused as a model where it is no class", async () => {
    const environment = { JWT_REFRESH_TOKEN_MODEL: "./handlers.mjs#customResponse" };
    expect(await problemsOf({ environment, directory: path() })).to.deep.equal([
      "JWT_REFRESH_TOKEN_MODEL must be a class, or in the environment an import string such as ./handlers.js#name, but is a function",
    ]);
  });
});

describe("a key named as a file", () => {
  const { path, write } = temporaryDirectory();

  it("is read from the directory", async () => {
    await write("secret.txt", `${SECRET}\n`);
    const environment = { JWT_SECRET_KEY: "file:secret.txt" };
    const { settings } = await createSettings({ environment, directory: path() });
    expect(settings.secretKey?.export().toString()).to.equal(SECRET);
  });

  it("is refused where it is missing, with the path as it was written", async () => {
    const environment = { JWT_SECRET_KEY: "file:./none.txt" };
    expect(await problemsOf({ environment, directory: path() })).to.deep.equal([
      "JWT_SECRET_KEY names a file that does not exist: ./none.txt",
    ]);
  });
});
