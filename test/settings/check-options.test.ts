import { expect } from "chai";
import { createAuth, SettingsError } from "../../src/index.js";

const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
const DIRECTORY = "users must be a user directory, with findByNaturalKey and checkPassword";
const PROFILE = "defaultProfile must be one of documented, hardened";

/** Options as a host in JavaScript may write them, and what is said of them. */
const WRONG: readonly [options: object, ...problems: string[]][] = [
  [{ users: undefined }, DIRECTORY],
  [{ users: {} }, DIRECTORY],
  [{ users: { findByNaturalKey: users.findByNaturalKey } }, DIRECTORY],
  [{ secretKey: null }, "secretKey must be text or a KeyObject, but is null"],
  [{ secretKey: 12_345 }, "secretKey must be text or a KeyObject, but is a number"],
  [{ settings: null }, "settings must be an object, but is null"],
  [{ settings: "hardened" }, "settings must be an object, but is a string of 8 characters"],
  [{ defaultProfile: "hard" }, PROFILE],
  [{ defaultProfile: "toString" }, PROFILE],
  [{ users: null, defaultProfile: null }, DIRECTORY, PROFILE],
];

describe("createAuth", () => {
  for (const [options, ...problems] of WRONG) {
    it(`says what is wrong with ${Object.keys(options).join(" and ")}: ${problems.join("; ")}`, async () => {
      const wrong = { users, secretKey: "a secret key", ...options } as never;
      const outcome: unknown = await createAuth(wrong).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(SettingsError);
      expect((outcome as Error).message).to.equal(["The settings are not valid:", ...problems].join("\n"));
    });
  }
});
