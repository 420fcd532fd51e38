// Writes the tables of the README that follow from the code, between their markers. Run it with `npm run readme`.
import { readFileSync, writeFileSync } from "node:fs";
import "reflect-metadata";
import { settingsTable } from "../build/src/settings/readme-table.js";

const MARKED = /(<!-- settings: [^\n]* -->\n)[^]*?(<!-- \/settings -->)/;

const readme = readFileSync("README.md", "utf8");
if (!MARKED.test(readme)) throw new Error("README.md has no markers for the table of settings");
writeFileSync(
  "README.md",
  readme.replace(MARKED, (_, start, end) => `${start}\n${settingsTable()}\n\n${end}`),
);
