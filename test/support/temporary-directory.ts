import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that lives as long as the suite it is called in. */
export function temporaryDirectory(): {
  readonly path: () => string;
  readonly write: (name: string, content: string | Buffer) => Promise<void>;
} {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-test-"));
  });
  after(() => rm(directory, { recursive: true }));
  return {
    path: () => directory,
    write: (name, content) => writeFile(join(directory, name), content),
  };
}
