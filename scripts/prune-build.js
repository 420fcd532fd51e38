// Deletes compiled files whose source is gone, so that a deleted test is not run and a deleted module not packed.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const COMPILED = /\.(js|js\.map|d\.ts)$/;

for (const directory of ["src", "test", "bench"]) {
  const output = join("build", directory);
  if (!existsSync(output)) continue;
  for (const file of readdirSync(output, { recursive: true, encoding: "utf8" })) {
    const source = join(directory, file.replace(COMPILED, ".ts"));
    if (COMPILED.test(file) && !existsSync(source)) rmSync(join(output, file));
  }
}
