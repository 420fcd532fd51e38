// Builds the page at / into build/page. Bundling takes seconds, so it is done only when something that goes into it has
// changed since.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OUTPUT = "build/page";
const STAMP = "build/.page-built-from";

// The lock file stands for the packages: whichever version of GraphiQL is in there.
const SOURCES = ["page", "src/client", "scripts/build-page.js", "package-lock.json"];

const digest = digestOf(SOURCES.flatMap(filesOf));
if (!existsSync(join(OUTPUT, "index.html")) || !existsSync(STAMP) || readFileSync(STAMP, "utf8") !== digest) {
  await bundle();
  writeFileSync(STAMP, digest);
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted((one, other) => (one < other ? -1 : 1));
}

function digestOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

async function bundle() {
  console.error("Building the page at /, once");
  const { build } = await import("vite");
  await build({
    configFile: false,
    root: "page",
    base: "/page/",
    logLevel: "error",
    build: {
      outDir: join("..", OUTPUT),
      emptyOutDir: true,
      assetsDir: "",
      target: "es2023",
      // All of it is served with a policy that forbids inline scripts.
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 5_000,
      // Whoever passes on a bundle passes on the packages in it, with their licences.
      license: { fileName: "licenses.md" },
    },
    worker: { format: "es" },
  });
}
