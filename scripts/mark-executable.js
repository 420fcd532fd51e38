// Lets the shell run the package's commands. npm does so when it installs them, but links of an earlier build, such as
// those of npx, outlive a build that writes the files anew.
import { chmodSync, readFileSync } from "node:fs";

const { bin } = JSON.parse(readFileSync("package.json", "utf8"));
for (const file of Object.values(bin)) chmodSync(file, 0o755);
