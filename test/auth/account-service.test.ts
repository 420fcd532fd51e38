import { expect } from "chai";
import { AUTH_EVENTS } from "../../src/auth/events.js";
import type { AuthUser } from "../../src/auth-user.js";
import { createAuth } from "../../src/create-auth.js";
import type { UserDirectory } from "../../src/users/user-directory.js";
import { SECRET_KEY } from "../support/forge.js";

const ALICE: AuthUser & { username: string } = { id: "1", username: "alice", isActive: true };
const PASSWORDS = { currentPassword: "old", newPassword: "new" };

/** The account service of a host application in single-token mode, and the events that it told of. */
async function accountOf(directory: Partial<UserDirectory>) {
  const users = { findByNaturalKey: async () => ALICE, checkPassword: async () => true, ...directory };
  const { account, events } = await createAuth<AuthUser>({ users, secretKey: SECRET_KEY });
  const heard: string[] = [];
  for (const name of AUTH_EVENTS) events.on(name, () => void heard.push(name));
  return { account, heard };
}

const VIEWER = { user: ALICE, payload: null, request: undefined };

describe("setPassword with a host application's own users", () => {
  it("hands the directory the user, the new password and the time", async () => {
    const calls: unknown[][] = [];
    const setPassword = async (...call: unknown[]) => calls.push(call) === 1;
    const { account, heard } = await accountOf({ setPassword });
    expect(await account.setPassword(VIEWER, PASSWORDS)).to.have.property("token");
    expect(calls).to.have.length(1);
    expect(calls[0]?.slice(0, 2)).to.deep.equal([ALICE, "new"]);
    expect(calls[0]?.[2]).to.be.an.instanceOf(Date);
    expect(heard).to.deep.equal(["passwordChanged", "tokenIssued"]);
  });

  for (const { title, directory, code, message, events } of [
    {
      title: "a user who has gone meanwhile",
      directory: { setPassword: async () => false },
      code: "INVALID_CREDENTIALS",
      message: "Please enter valid credentials",
      events: [],
    },
    {
      title: "a directory that cannot",
      directory: {},
      code: "NOT_SUPPORTED",
      message: "This operation needs a user directory that sets passwords",
      events: [],
    },
    {
      title: "a user who is gone already",
      directory: { findByNaturalKey: async () => null, checkPassword: async () => false },
      code: "INVALID_CREDENTIALS",
      message: "Please enter valid credentials",
      events: ["loginFailed"],
    },
  ]) {
    it(`refuses ${title}`, async () => {
      const { account, heard } = await accountOf(directory);
      const failure: unknown = await account.setPassword(VIEWER, PASSWORDS).then(
        () => expect.fail("it succeeded"),
        (error: unknown) => error,
      );
      expect(failure).to.include({ code, message });
      expect(heard).to.deep.equal(events);
    });
  }
});
