import { expect } from "chai";
import { CommandError } from "../../src/cli/command-error.js";
import { newPassword } from "../../src/cli/password.js";
import { type TestCommandContext, testCommandContext } from "../support/command-line.js";
import { rejection } from "../support/rejection.js";

describe("newPassword", () => {
  describe("on a terminal", () => {
    let context: TestCommandContext;
    beforeEach(() => (context = testCommandContext({ terminal: true })));

    /** Answers one prompt after the other, each when it is there. */
    async function type(...lines: string[]): Promise<void> {
      for (const [index, line] of lines.entries()) {
        await context.untilWritten(index === 0 ? "Password: " : "The same again: ");
        context.stdin.write(line);
      }
    }

    it("asks twice, and shows nothing of it", async () => {
      const [password] = await Promise.all([newPassword(context, {}), type("s3cret \r", "s3cret \r")]);
      expect(password).to.equal("s3cret ");
      expect(context.written("stderr")).to.not.contain("s3c");
      expect(context.written("stdout")).to.equal("");
    });

    it("keeps the terminal itself from showing it, also when standard error is redirected", async () => {
      const modes: boolean[] = [];
      Object.assign(context.stdin, { setRawMode: (mode: boolean) => modes.push(mode) });
      context.stderr.isTTY = false;
      await Promise.all([newPassword(context, {}), type("s3cret\r", "s3cret\r")]);
      expect(modes).to.deep.equal([true, false, true, false]);
    });

    it("lets the operator correct a mistake", async () => {
      const [password] = await Promise.all([newPassword(context, {}), type("s3x\x7fcret\r", "s3cret\r")]);
      expect(password).to.equal("s3cret");
    });

    const abandoned: [string, string[], string][] = [
      ["two that differ", ["s3cret\r", "s3cert\r"], "the two passwords are not the same"],
      ["Ctrl+D", ["\x04"], "no password was given"],
      ["Ctrl+D the second time", ["s3cret\r", "\x04"], "no password was given"],
      ["Ctrl+C", ["s3c\x03"], "no password was given"],
    ];
    for (const [what, lines, message] of abandoned) {
      it(`refuses ${what}`, async () => {
        const [error] = await Promise.all([rejection(newPassword(context, {})), type(...lines)]);
        expect(error).to.be.instanceOf(CommandError).with.property("message", message);
      });
    }
  });

  it("says what to do where there is no terminal", async () => {
    expect(await rejection(newPassword(testCommandContext(), {})))
      .to.be.instanceOf(CommandError)
      .with.property("message", "there is no terminal to ask for the password on: pipe it in, with --password-stdin");
  });

  describe("from standard input", () => {
    const accepted: [string, string][] = [
      ["s3cret", "s3cret"],
      ["s3cret\n", "s3cret"],
      ["s3cret\r\n", "s3cret"],
      [" s3cret \n", " s3cret "],
      ["pässwörd 🔑\n", "pässwörd 🔑"],
      ["\ufeffs3cret\r\n", "s3cret"],
      ["", ""],
    ];
    for (const [input, password] of accepted) {
      it(`reads ${JSON.stringify(input)}`, async () => {
        const context = testCommandContext();
        context.stdin.end(input);
        expect(await newPassword(context, { passwordStdin: true })).to.equal(password);
      });
    }

    const refused: [string, string | Buffer, string][] = [
      ["two lines", "one\ntwo\n", "the password on standard input must be one line"],
      ["an empty line after it", "one\n\n", "the password on standard input must be one line"],
      ["a carriage return in it", "one\rtwo", "the password on standard input must be one line"],
      ["another encoding", Buffer.from("pässwörd", "latin1"), "the password on standard input must be UTF-8"],
    ];
    for (const [what, input, message] of refused) {
      it(`refuses ${what}`, async () => {
        const context = testCommandContext();
        context.stdin.end(input);
        expect(await rejection(newPassword(context, { passwordStdin: true })))
          .to.be.instanceOf(CommandError)
          .with.property("message", message);
      });
    }
  });
});
