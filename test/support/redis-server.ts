import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { DatabaseUnavailableError, type Host, isDebian, isExecutable, thisHost } from "./database-binary.js";
import { dyingWithParent } from "./database-server.js";
import { freePort } from "./free-port.js";
import { orSkip } from "./or-skip.js";
import { until } from "./until.js";

const COMMAND = "sudo apt-get install -y --no-install-recommends redis-server";

/**
 * Finds Redis on this machine; on Debian and Ubuntu as root, installs it.
 *
 * @throws DatabaseUnavailableError that names the command which would change it
 */
export async function redisBinary(host: Host = thisHost()): Promise<string> {
  const find = () => host.directories.map((directory) => join(directory, "redis-server")).find(isExecutable);
  const found = find();
  if (found !== undefined) return found;
  if (!host.isRoot || !isDebian(host.osRelease)) {
    throw new DatabaseUnavailableError(`no redis-server on this machine; to run these: ${COMMAND}`);
  }
  await host.install("redis-server").catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    const message = `redis-server could not be installed (${reason}); to run these: ${COMMAND}`;
    throw new DatabaseUnavailableError(message, { cause });
  });
  const installed = find();
  if (installed === undefined) throw new Error("redis-server was installed, but there is none");
  return installed;
}

/** A Redis of the tests' own, on a free port and with a directory of its own. It dies with this process. */
export class RedisServer {
  readonly url: string;
  readonly #directory = mkdtempSync(join(tmpdir(), "janus-redis-"));
  readonly #cleanUp = () => this.#removeNow();
  #process: ChildProcess | undefined;

  private constructor(
    private readonly path: string,
    private readonly port: number,
  ) {
    this.url = `redis://127.0.0.1:${port}`;
    process.once("exit", this.#cleanUp);
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await redisBinary(), await freePort());
    await server.startAgain();
    return server;
  }

  /** Starts it empty, at the same address, and waits until it answers. */
  async startAgain(): Promise<void> {
    const settings = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#directory, "--save", ""];
    const [command, ...args] = await dyingWithParent([this.path, ...settings]);
    this.#process = spawn(command, args, { stdio: "ignore" });
    await until(async () => {
      if (this.#process?.exitCode !== null) throw new Error("redis-server ended");
      return (await this.send(["PING"]).catch(() => null)) === "PONG";
    });
  }

  /** Sends one command, on a connection of its own. */
  async send(command: string[]): Promise<unknown> {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: false } });
    client.on("error", () => {});
    await client.connect();
    try {
      return await client.sendCommand(command);
    } finally {
      client.destroy();
    }
  }

  /** All keys. */
  async keys(): Promise<string[]> {
    return (await this.send(["KEYS", "*"])) as string[];
  }

  /** Lets time pass for Redis, which has no clock but its own: every window ends so much earlier. */
  async advance(seconds: number): Promise<void> {
    for (const key of await this.keys()) {
      const left = (await this.send(["PTTL", key])) as number;
      await this.send(["PEXPIRE", key, String(left - seconds * 1000)]);
    }
  }

  /** It keeps its connections and stops answering. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  /** Ends `freeze`. */
  thaw(): void {
    this.#process?.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    this.#removeNow();
  }

  #removeNow(): void {
    process.removeListener("exit", this.#cleanUp);
    this.#process?.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs `suite` with a Redis of its own; where none can be had it is skipped, and with `CI=true` fails. */
export function onRedis(title: string, suite: (server: () => RedisServer) => void): void {
  describe(title, () => {
    let server: RedisServer | undefined;
    before(
      orSkip(async () => {
        server = await RedisServer.start();
      }),
    );
    suite(() => {
      if (!server) throw new Error("server() is for hooks and tests");
      return server;
    });
    after(() => server?.remove());
  });
}
