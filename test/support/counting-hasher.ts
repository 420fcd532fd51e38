import { PasswordHasher } from "../../src/users/password-hasher.js";

/** Real argon2id, as cheap as it can be, that counts how often it runs: time is no measure in a test. */
export class CountingHasher extends PasswordHasher {
  runs = 0;
  private readonly next: { verified?: Happen; hashed?: Happen } = {};

  constructor() {
    super({ memoryCost: 8, timeCost: 1, parallelism: 1 });
  }

  override async hash(password: string): Promise<string> {
    this.runs += 1;
    const passwordHash = await super.hash(password);
    await this.happens("hashed");
    return passwordHash;
  }

  override async verify(passwordHash: string | null, password: string): Promise<boolean> {
    if (passwordHash !== null) this.runs += 1; // For null it hashes.
    const right = await super.verify(passwordHash, password);
    await this.happens("verified");
    return right;
  }

  /** `happen` happens when a password is verified or hashed next, before anybody is told of it, once. */
  onceIs(done: "verified" | "hashed", happen: Happen): void {
    this.next[done] = happen;
  }

  private async happens(done: "verified" | "hashed"): Promise<void> {
    const { [done]: happen } = this.next;
    delete this.next[done];
    await happen?.();
  }
}

type Happen = () => Promise<unknown>;
