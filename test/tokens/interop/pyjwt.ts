import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DatabaseUnavailableError, type Host, isDebian, thisHost } from "../../support/database-binary.js";

const run = promisify(execFile);
const PACKAGES = ["python3-jwt", "python3-cryptography"];
const COMMAND = `sudo apt-get install -y --no-install-recommends python3 ${PACKAGES.join(" ")}`;
/** The system's Python first: the packages of Debian are in no other. */
const INTERPRETERS = ["/usr/bin/python3", "python3", "python"];
/** Compilation leaves the script where it is. */
const SCRIPT = fileURLToPath(new URL("../../../../test/tokens/interop/pyjwt.py", import.meta.url));

/** A key as PyJWT takes it: PEM, or the text of a secret. */
export interface SignJob {
  readonly payload: object;
  readonly key: string;
  readonly algorithm: string;
}

export interface VerifyJob {
  readonly token: string;
  readonly key: string;
  readonly algorithm: string;
}

/** What PyJWT makes of a token: the payload, or the name of its exception. */
export type Verdict = { readonly payload: unknown } | { readonly refused: string };

/** PyJWT, an implementation of RFC 7519 that shares no code with ours: Python, and OpenSSL through cryptography. */
export class PyJwt {
  private constructor(private readonly interpreter: string) {}

  /**
   * Finds it on this machine; on Debian and Ubuntu as root, installs it.
   *
   * @throws DatabaseUnavailableError that names the command which would change it
   */
  static async find(host: Host = thisHost(), interpreters: readonly string[] = INTERPRETERS): Promise<PyJwt> {
    const found = await firstWithPackages(interpreters);
    if (found !== undefined) return new PyJwt(found);
    if (!host.isRoot || !isDebian(host.osRelease)) {
      throw new DatabaseUnavailableError(`no Python with PyJWT on this machine; to run these: ${COMMAND}`);
    }
    try {
      await host.install("python3", ...PACKAGES);
    } catch (error) {
      const reason = error instanceof Error ? error.message.trim() : String(error);
      throw new DatabaseUnavailableError(`PyJWT could not be installed (${reason}); to run these: ${COMMAND}`, {
        cause: error,
      });
    }
    const installed = await firstWithPackages(interpreters);
    if (installed === undefined) throw new Error(`${PACKAGES.join(", ")} were installed, but no Python has them`);
    return new PyJwt(installed);
  }

  /** Signs and verifies everything in one process. */
  async run(jobs: {
    readonly sign: readonly SignJob[];
    readonly verify: readonly VerifyJob[];
  }): Promise<{ readonly signed: readonly string[]; readonly verdicts: readonly Verdict[] }> {
    const child = spawn(this.interpreter, [SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(JSON.stringify(jobs));
    const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
    if (child.exitCode !== 0) throw new Error(`${SCRIPT} ended with ${child.exitCode}`);
    return JSON.parse(output) as { signed: string[]; verdicts: Verdict[] };
  }
}

async function firstWithPackages(interpreters: readonly string[]): Promise<string | undefined> {
  for (const interpreter of interpreters) {
    try {
      await run(interpreter, ["-c", "import jwt, cryptography; jwt.encode"]);
      return interpreter;
    } catch {
      // The next one may have them.
    }
  }
  return undefined;
}
