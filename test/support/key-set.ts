import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Jwk } from "../../src/settings/jwk-set.js";
import { type Environment, janusAuthHere } from "./command-line.js";
import type { TestClock } from "./test-clock.js";

/** What a test's key set is for: Ed25519, in the hardened profile. */
export const KEY_SET_SETTINGS = { JWT_ALGORITHM: "EdDSA", JWT_PROFILE: "hardened" };

/** A file of keys in a folder of its own, which `janus-auth rotate-keys` rotates. */
export class KeySet {
  readonly directory = mkdtempSync(join(tmpdir(), "janus-keys-"));
  readonly path = join(this.directory, "keys.json");

  constructor(private readonly clock: TestClock) {}

  /** Runs `rotate-keys`. @returns what it printed @throws Error if it fails */
  async rotate(args: readonly string[] = [], environment: Environment = KEY_SET_SETTINGS): Promise<string> {
    const given = { environment: { JWT_KEY_SET: this.path, ...environment }, clock: this.clock };
    const { code, stdout, stderr } = await janusAuthHere(["rotate-keys", ...args], given);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  get text(): string {
    return readFileSync(this.path, "utf8");
  }

  get keys(): Jwk[] {
    return (JSON.parse(this.text) as { keys: Jwk[] }).keys;
  }

  get kids(): string[] {
    return this.keys.map(({ kid = "" }) => kid);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
