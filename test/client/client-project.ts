import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runNode } from "../support/child-process.js";

/** As strict as can be; `esnext.disposable` and `dom` hold what the types of tRPC itself name. */
const COMPILER_OPTIONS = {
  target: "es2022",
  module: "nodenext",
  lib: ["es2023", "esnext.disposable", "dom"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

/** Something that the compiler has to say. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** A project of somebody who has installed `@trpc/client`, `@trpc/server` and Janus, and nothing else. */
export class ClientProject {
  private constructor(private readonly directory: string) {}

  static async create(): Promise<ClientProject> {
    const directory = await mkdtemp(join(tmpdir(), "janus-client-"));
    const modules = join(directory, "node_modules");
    await mkdir(join(modules, "@trpc"), { recursive: true });
    for (const name of ["@trpc/client", "@trpc/server"]) {
      await symlink(resolve("node_modules", name), join(modules, name));
    }
    // Copied, not linked: behind a link the compiler would find everything that Janus itself has installed.
    const janus = join(modules, "janus-auth");
    const isType = (path: string) => !/\.\w+$/.test(path) || path.endsWith(".d.ts");
    await cp(resolve("build/src"), join(janus, "build/src"), { recursive: true, filter: isType });
    await cp(resolve("package.json"), join(janus, "package.json"));
    await writeFile(join(directory, "package.json"), JSON.stringify({ type: "module" }));
    return new ClientProject(directory);
  }

  /** Compiles one file of this text. Answers what the compiler says; nothing if all is well. */
  async compile(text: string, options: Readonly<Record<string, unknown>> = {}): Promise<Diagnostic[]> {
    await writeFile(join(this.directory, "client.ts"), text);
    const config = { compilerOptions: { ...COMPILER_OPTIONS, ...options }, files: ["client.ts"] };
    await writeFile(join(this.directory, "tsconfig.json"), JSON.stringify(config));
    const { code, stdout } = await runNode([
      "node_modules/typescript/bin/tsc",
      "--pretty",
      "false",
      "-p",
      this.directory,
    ]);
    const diagnostics = [...stdout.matchAll(/^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/gm)].map(
      ([, file = "", line, number = "", message = ""]) => ({ file, line: Number(line), code: number, message }),
    );
    if ((code === 0) !== (diagnostics.length === 0)) throw new Error(`the compiler ended with ${code}:\n${stdout}`);
    return diagnostics;
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
