import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { childEnvironment, MAIN } from "../support/command-line.js";
import { ServerProcess } from "../support/server-process.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

describe("what the program writes", () => {
  const directory = temporaryDirectory();

  it("is not missed by a server when nobody reads it any more", async () => {
    const server = await ServerProcess.start({ JANUS_DATA_DIR: join(directory.path(), "data") });
    try {
      server.stopReading();
      for (const request of [1, 2, 3]) {
        expect(await fetch(`${server.url}/healthz`), `request ${request}`).to.have.property("status", 200);
      }
      server.signal("SIGTERM");
      expect(await server.ended).to.include({ code: 0, signal: null });
    } finally {
      await server.kill();
    }
  });

  it("is a failure when it cannot be written", async function () {
    if (!existsSync("/dev/full")) this.skip(); // A disk that is always full, which only Linux has.
    const full = await open("/dev/full", "w");
    try {
      const child = spawn(process.execPath, [MAIN, "print-schema"], {
        env: childEnvironment({}),
        stdio: ["ignore", full.fd, "pipe"],
      });
      const [stderr] = await Promise.all([child.stderr && text(child.stderr), once(child, "close")]);
      expect({ code: child.exitCode, stderr }).to.deep.equal({
        code: 1,
        stderr: "janus-auth: ENOSPC: no space left on device, write\n",
      });
    } finally {
      await full.close();
    }
  });
});
