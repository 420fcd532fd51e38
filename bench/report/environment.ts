import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

/** Where and on what a run was made. */
export interface Environment {
  readonly date: string;
  /** The commit that was measured; empty where git does not know. */
  readonly commit: string;
  readonly machine: Readonly<Record<string, string>>;
  /** Of packages, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

const GIBIBYTE = 2 ** 30;

const OWN = ["graphql", "type-graphql", "@trpc/server", "typeorm", "mysql2", "fastify", "jose", "@node-rs/argon2"];
const CONTENDERS = "bench/contenders";

export function readEnvironment(): Environment {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    machine: {
      CPU: `${cpu?.model.trim() ?? "unknown"}, ${cpus().length} cores`,
      Memory: `${Math.round(totalmem() / GIBIBYTE)} GiB`,
      Kernel: `${process.platform} ${release()}`,
      Node: process.version,
    },
    versions: { ...Object.fromEntries(OWN.map((name) => [name, versionOf(".", name)])), ...contenderVersions() },
  };
}

function contenderVersions(): Record<string, string> {
  const { dependencies } = readJson(join(CONTENDERS, "package.json")) as { dependencies: Record<string, string> };
  return Object.fromEntries(Object.keys(dependencies).map((name) => [name, versionOf(CONTENDERS, name)]));
}

function versionOf(directory: string, name: string): string {
  const manifest = join(directory, "node_modules", name, "package.json");
  return existsSync(manifest) ? (readJson(manifest) as { version: string }).version : "not installed";
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
    return (
      git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "src", "bench") === "" ? "" : ", changed")
    );
  } catch {
    return "";
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
