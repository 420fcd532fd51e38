import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { inDataDirectory, makeDataDirectory } from "../../src/server/data-directory.js";
import { keptSecretKey } from "../../src/server/kept-secret-key.js";
import { SettingsError } from "../../src/settings/settings-error.js";
import { rejection } from "../support/rejection.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

/** The permissions of a file or a folder: `700`. */
async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

/** Works as somebody who owns nothing where the tests run as root, to whom nothing is forbidden. */
async function withoutPrivileges<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("the data folder", () => {
  const parent = temporaryDirectory();
  let count = 0;
  let directory: string;
  beforeEach(() => {
    count += 1;
    directory = join(parent.path(), String(count), "data");
  });

  async function problemOf(promise: Promise<unknown>): Promise<string> {
    const error = await rejection(promise);
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(({ setting, problem }) => `${setting} ${problem}`).join("\n");
  }

  it("is made with its parents, for its owner only", async () => {
    await makeDataDirectory(directory);
    expect(await modeOf(directory)).to.equal("700");
    expect(await modeOf(join(directory, ".."))).to.equal("700");
  });

  it("is for its owner only whatever the umask", async () => {
    const before = process.umask(0o277);
    try {
      await mkdir(join(directory, ".."), { recursive: true });
      await chmod(join(directory, ".."), 0o700);
      await makeDataDirectory(directory);
    } finally {
      process.umask(before);
    }
    expect(await modeOf(directory)).to.equal("700");
  });

  for (const mode of [0o755, 0o777, 0o750, 0o500]) {
    it(`is made private when it is there with mode ${mode.toString(8)}, empty or with our own files in it`, async () => {
      await mkdir(directory, { recursive: true });
      await chmod(directory, mode);
      await makeDataDirectory(directory);
      expect(await modeOf(directory)).to.equal("700");

      for (const name of ["SECRET_KEY", "janus.sqlite", "janus.sqlite-wal"])
        await writeFile(join(directory, name), "x");
      await chmod(directory, mode);
      await makeDataDirectory(directory);
      expect(await modeOf(directory)).to.equal("700");
    });
  }

  it("is refused, and left as it is, when others may read it and it holds other files", async () => {
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o755);
    await writeFile(join(directory, "notes.txt"), "x");
    expect(await problemOf(makeDataDirectory(directory))).to.equal(
      `JANUS_DATA_DIR names ${directory}, which others may read and which holds other files: name a folder of its own`,
    );
    expect(await modeOf(directory)).to.equal("755");
  });

  it("may hold other files when it is private", async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(directory, "public.pem"), "x");
    await makeDataDirectory(directory);
    expect(await readdir(directory)).to.deep.equal(["public.pem"]);
  });

  it("is refused when it is a file, or lies in one", async () => {
    const file = join(parent.path(), "file");
    await writeFile(file, "x");
    const advice = "it must be a folder that this user owns";
    expect(await problemOf(makeDataDirectory(file))).to.equal(
      `JANUS_DATA_DIR names ${file}, which cannot be used (EEXIST): ${advice}`,
    );
    expect(await problemOf(makeDataDirectory(join(file, "data")))).to.equal(
      `JANUS_DATA_DIR names ${join(file, "data")}, which cannot be used (ENOTDIR): ${advice}`,
    );
  });

  it("is refused where a file system makes no folders", async function () {
    if (process.platform !== "linux") this.skip(); // Nowhere else is there /proc.
    expect(await problemOf(makeDataDirectory("/proc/janus/data"))).to.match(
      /^JANUS_DATA_DIR names \/proc\/janus\/data, which cannot be used \((ENOENT|EACCES|EPERM).*\): it must be/,
    );
  });

  it("is refused when nothing can be made there", async () => {
    await mkdir(join(directory, ".."), { mode: 0o500 });
    expect(await withoutPrivileges(() => problemOf(makeDataDirectory(directory)))).to.match(
      /^JANUS_DATA_DIR names \S+, which cannot be used \(EACCES.*\): it must be a folder that this user owns$/,
    );
  });

  for (const [code, advice] of [
    ["ENOSPC", "its disk is full"],
    ["EDQUOT", "its disk is full"],
    ["EROFS", "its disk may not be written to"],
    ["EPERM", "it must be a folder that this user owns"],
  ] as const) {
    it(`says what is wrong with it: ${code}`, async () => {
      const refused = inDataDirectory("data", () => Promise.reject(Object.assign(new Error(code), { code })));
      expect(await problemOf(refused)).to.equal(`JANUS_DATA_DIR names data, which cannot be used (${code}): ${advice}`);
    });
  }

  describe("keptSecretKey", () => {
    beforeEach(() => makeDataDirectory(directory));

    it("makes a key of 64 random bytes once, for its owner only", async () => {
      const key = await keptSecretKey(directory);
      expect(Buffer.from(key, "base64url")).to.have.lengthOf(64);
      expect(await modeOf(join(directory, "SECRET_KEY"))).to.equal("600");
      expect(await keptSecretKey(directory)).to.equal(key);
      expect(await readdir(directory)).to.deep.equal(["SECRET_KEY"]);
      await makeDataDirectory(join(directory, "other"));
      expect(await keptSecretKey(join(directory, "other"))).to.not.equal(key);
    });

    it("gives the same key to everyone who starts at once", async () => {
      const keys = await Promise.all(Array.from({ length: 20 }, () => keptSecretKey(directory)));
      expect(new Set(keys)).to.deep.equal(new Set([(await readFile(join(directory, "SECRET_KEY"), "utf8")).trim()]));
      expect(await readdir(directory)).to.deep.equal(["SECRET_KEY"]);
    });

    it("takes a key that is there, and makes it private", async () => {
      await writeFile(join(directory, "SECRET_KEY"), "of my own\n", { mode: 0o644 });
      expect(await keptSecretKey(directory)).to.equal("of my own");
      expect(await modeOf(join(directory, "SECRET_KEY"))).to.equal("600");
    });

    it("refuses an empty one", async () => {
      await writeFile(join(directory, "SECRET_KEY"), "\n");
      const file = join(directory, "SECRET_KEY");
      expect(await problemOf(keptSecretKey(directory))).to.equal(
        `JANUS_DATA_DIR holds an empty SECRET_KEY: delete ${file} to have a new one made`,
      );
    });

    it("leaves nothing behind where it cannot be written", async () => {
      // A process that may write no files at all stands in for a full disk.
      const script = `import { keptSecretKey } from "./build/src/server/kept-secret-key.js";
        await keptSecretKey(${JSON.stringify(directory)});`;
      const node = `exec '${process.execPath}' --input-type=module --eval '${script}'`;
      const { status, stderr } = spawnSync("sh", ["-c", `ulimit -f 0 && ${node}`], { encoding: "utf8" });
      expect(status, stderr).to.equal(1);
      expect(stderr).to.match(/JANUS_DATA_DIR names \S+, which cannot be used \(EFBIG/);
      expect(await readdir(directory)).to.deep.equal([]);
    });

    it("refuses a folder in its place", async () => {
      const file = join(directory, "SECRET_KEY");
      await mkdir(file);
      expect(await problemOf(keptSecretKey(directory))).to.match(/^JANUS_DATA_DIR names .* \(EISDIR.*\): it must be/);
    });
  });
});
