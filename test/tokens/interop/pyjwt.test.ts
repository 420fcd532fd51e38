import { expect } from "chai";
import { DatabaseUnavailableError, type Host } from "../../support/database-binary.js";
import { PyJwt } from "./pyjwt.js";

const COMMAND = "sudo apt-get install -y --no-install-recommends python3 python3-jwt python3-cryptography";

describe("PyJwt.find", () => {
  const installed: string[][] = [];
  beforeEach(() => void installed.splice(0));

  const host = (differences: Partial<Host> = {}): Host => ({
    directories: [],
    isRoot: true,
    osRelease: "ID=debian",
    install: async (...packages) => void installed.push(packages),
    ...differences,
  });
  // `false` ends with 1 whatever it is given, as a Python without the package does.
  const find = (differences?: Partial<Host>) =>
    PyJwt.find(host(differences), ["/nowhere/python3", "false"]).catch((error: unknown) => error);

  it("takes the first interpreter that has the packages", async () => {
    expect(await PyJwt.find(host(), ["/nowhere/python3", "false", "true"])).to.be.instanceOf(PyJwt);
    expect(installed).to.deep.equal([]);
  });

  it("installs them where none has, on Debian as root, and does not take that for granted", async () => {
    const failure = await find();
    expect(installed).to.deep.equal([["python3", "python3-jwt", "python3-cryptography"]]);
    expect(failure).to.not.be.instanceOf(DatabaseUnavailableError);
    expect(failure).to.have.property(
      "message",
      "python3-jwt, python3-cryptography were installed, but no Python has them",
    );
  });

  const unavailable: [string, Partial<Host>, string][] = [
    ["without being root", { isRoot: false }, `no Python with PyJWT on this machine; to run these: ${COMMAND}`],
    ["on another system", { osRelease: "ID=fedora" }, `no Python with PyJWT on this machine; to run these: ${COMMAND}`],
    [
      "without a network",
      { install: () => Promise.reject(new Error("no network")) },
      `PyJWT could not be installed (no network); to run these: ${COMMAND}`,
    ],
  ];
  for (const [situation, differences, message] of unavailable) {
    it(`names the command where it cannot install, ${situation}`, async () => {
      expect(await find(differences))
        .to.be.instanceOf(DatabaseUnavailableError)
        .with.property("message", message);
    });
  }
});
