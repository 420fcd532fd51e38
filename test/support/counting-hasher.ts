import { PasswordHasher } from "../../src/users/password-hasher.js";

/** Real argon2id, as cheap as it can be, that counts how often it runs: time is no measure in a test. */
export class CountingHasher extends PasswordHasher {
  runs = 0;

  constructor() {
    super({ memoryCost: 8, timeCost: 1, parallelism: 1 });
  }

  override hash(password: string): Promise<string> {
    this.runs += 1;
    return super.hash(password);
  }

  override verify(passwordHash: string | null, password: string): Promise<boolean> {
    if (passwordHash !== null) this.runs += 1; // For null it hashes.
    return super.verify(passwordHash, password);
  }
}
