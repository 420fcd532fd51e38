// argon2id alone, at Janus's costs, as many at once as there are cores for this process.
import { hash, verify } from "@node-rs/argon2";
import { DEFAULT_PASSWORD_HASH_COSTS } from "../../src/users/password-hasher.js";
import { PASSWORD } from "../subject.js";
import { driveItself } from "./self-driven.js";

const passwordHash = await hash(PASSWORD, { algorithm: 2, ...DEFAULT_PASSWORD_HASH_COSTS });

driveItself(async () => {
  if (!(await verify(passwordHash, PASSWORD))) throw new Error("the password was refused");
});
