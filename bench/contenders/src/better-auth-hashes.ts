// better-auth's scrypt alone, for the share of it in a login.
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { driveItself } from "../../../build/bench/servers/self-driven.js";
import { PASSWORD } from "../../../build/bench/subject.js";

const hash = await hashPassword(PASSWORD);

driveItself(async () => {
  if (!(await verifyPassword({ hash, password: PASSWORD }))) throw new Error("the password was refused");
});
