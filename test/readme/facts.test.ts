import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { AUTH_EVENTS } from "../../src/auth/events.js";
import { EXIT_CODE } from "../../src/cli/failure.js";
import { createProgram } from "../../src/cli/program.js";
import { createAuthClient } from "../../src/client/index.js";
import { HTTP_STATUS } from "../../src/errors.js";
import { MAX_QUERY_LENGTH } from "../../src/graphql/documents.js";
import { MAX_BODY_BYTES } from "../../src/graphql/read-body.js";
import { REQUEST_LIMITS } from "../../src/server/request-limits.js";
import { readServerConfig } from "../../src/server/server-config.js";
import { MAX_BATCH_SIZE } from "../../src/server/trpc-route.js";
import { settingsTable } from "../../src/settings/readme-table.js";
import { MAX_TOKEN_LENGTH } from "../../src/tokens/compact.js";
import { authRouter } from "../../src/trpc/auth-router.js";
import { testCommandContext } from "../support/command-line.js";
import { anchor, section, tableRows } from "./sections.js";

const readme = readFileSync("README.md", "utf8");
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** What may be installed of a peer with this range: `^16.15.0` takes 16 and 16.15.0; only its own name finds a prerelease. */
function fitting(range: string): string[] {
  const [version = "", pinned = ""] = /(?<=^\^)(0\.\d+|\d+)\..*/.exec(range) ?? [];
  return version.includes("-") ? [version] : [pinned, version];
}

describe("what the README says", () => {
  it("of the settings is what they are", () => {
    const [, table] = /<!-- settings: [^\n]* -->\n\n([^]*?)\n\n<!-- \/settings -->/.exec(readme) ?? [];
    expect(table, "run `npm run readme` to write the table again").to.equal(settingsTable());
  });

  it("of the errors is every code with its status", () => {
    const rows = tableRows(section(readme, "## Errors")).map(([code, status]) => [code, Number(status)]);
    expect(rows).to.deep.equal(Object.entries(HTTP_STATUS));
  });

  it("of the operations is what the router has", () => {
    const rows = tableRows(section(readme, "### Operations"));
    const names = Object.keys(authRouter._def.procedures);
    expect(rows.map(([graphql, trpc]) => [graphql, trpc])).to.deep.equal(names.map((name) => [name, `auth.${name}`]));
  });

  it("of the auth client is all that it has, and every option", () => {
    const text = section(readme, "### The auth client");
    const names = tableRows(text).map(([usage = ""]) => usage.replace(/\(.*/, ""));
    expect(names).to.deep.equal(Object.keys(createAuthClient({ url: "http://127.0.0.1:4000/trpc" })));
    const options = readFileSync("src/client/options.ts", "utf8").match(/(?<=^  readonly )\w+/gm) ?? [];
    expect(options).to.include.members(["url", "store"]);
    expect(options.filter((name) => !new RegExp(`\`${name}\\b`).test(text))).to.deep.equal([]);
  });

  it("of the events is every one", () => {
    const [, names = ""] = /^- \*\*Events\.\*\* .*? tells of ([^]*?)\.\n/m.exec(readme) ?? [];
    expect(names.match(/\w+(?=`)/g)).to.deep.equal(AUTH_EVENTS);
  });

  it("of the server's variables is what it reads", () => {
    const names = new Set<string>();
    const readFrom = new Proxy<Record<string, string>>(
      {},
      { get: (_, name) => void (typeof name === "string" && names.add(name)) },
    );
    const { host, port, dataDirectory, logLevel, maxConnections } = readServerConfig(readFrom);
    const rows = new Map(tableRows(section(readme, "## Server")).map(([name = "", value]) => [name, value]));
    expect([...rows.keys()].toSorted()).to.deep.equal([...names].toSorted());
    expect(Object.fromEntries(rows)).to.include({
      HOST: host,
      PORT: String(port),
      JANUS_DATA_DIR: dataDirectory,
      LOG_LEVEL: logLevel,
      MAX_CONNECTIONS: String(maxConnections),
    });
  });

  it("of the limits is what they are", () => {
    expect(REQUEST_LIMITS.bodySize).to.equal(MAX_BODY_BYTES);
    const [limits = ""] = /^Limits: [^]*?\n\n/m.exec(readme) ?? [];
    const numbers = limits.match(/\d[\d,]*/g)?.map((number) => Number(number.replace(",", "")));
    expect(numbers).to.deep.equal([
      MAX_BODY_BYTES / 1024,
      MAX_QUERY_LENGTH,
      MAX_BATCH_SIZE,
      MAX_TOKEN_LENGTH,
      REQUEST_LIMITS.headSize / 1024,
      REQUEST_LIMITS.headerCount,
      REQUEST_LIMITS.urlLength,
      REQUEST_LIMITS.arrivalTime / 1000,
      REQUEST_LIMITS.answerTime / 1000,
      REQUEST_LIMITS.stallTime / 1000,
      REQUEST_LIMITS.keepAliveTime / 1000,
      REQUEST_LIMITS.pipelineLength,
    ]);
  });

  it("of the command line is every command with its options, and every exit code", () => {
    const { commands } = createProgram(testCommandContext(), "0.0.0");
    const text = section(readme, "## Command line");
    const rows = tableRows(text).map(([usage = ""]) => [usage.split(" ")[0], ...(usage.match(/--[\w-]+/g) ?? [])]);
    expect(rows).to.deep.equal(
      commands.map((command) => [command.name(), ...command.options.map(({ long = "" }) => long ?? "")]),
    );
    const codes = /^Exit codes: [^]*?\.\n/m.exec(text)?.[0].match(/`\d+`/g);
    expect(codes).to.deep.equal(Object.values(EXIT_CODE).map((code) => `\`${code}\``));
  });

  it("of what to install names of every peer a version that fits: the latest may be another", () => {
    const packages = (readme.match(/(?<=^npm install ).*/gm) ?? []).flatMap((names) => names.split(" "));
    for (const [peer, range] of Object.entries(manifest.peerDependencies)) {
      const named = packages.filter((name) => name === peer || name.startsWith(`${peer}@`));
      expect(named, peer).not.to.deep.equal([]);
      expect(fitting(range).map((version) => `${peer}@${version}`)).to.include.members(named);
    }
  });

  it("of the dependencies is a reason for each", () => {
    const rows = tableRows(section(readme, "## Development"));
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    expect(rows.map(([name]) => name)).to.deep.equal(names.toSorted());
    const peers = rows.filter(([, why]) => why?.includes("a peer")).map(([name]) => name);
    expect(peers).to.deep.equal(Object.keys(manifest.peerDependencies).toSorted());
  });

  it("of the tools is a reason for each", () => {
    const rows = tableRows(section(readme, "### Tools"));
    expect(rows.map(([name]) => name)).to.deep.equal(Object.keys(manifest.devDependencies).toSorted());
    expect(rows.filter(([, why = ""]) => why.length < 5)).to.deep.equal([]);
  });

  it("links to headings that there are", () => {
    const anchors = new Set(readme.match(/^#+ .*$/gm)?.map((heading) => anchor(heading.replace(/^#+ /, ""))));
    const links = [...readme.matchAll(/\]\((#[^)]*)\)/g)].map(([, link]) => link);
    expect(links).to.have.length.above(5);
    expect(links.filter((link) => link !== undefined && !anchors.has(link))).to.deep.equal([]);
  });

  it("names files and scripts that there are", () => {
    const paths = readme.match(/\b(?:src|test|docs)\/[\w./-]*\w/g) ?? [];
    expect(paths).to.include("src/auth/rules.ts");
    expect(paths.filter((path) => !existsSync(path))).to.deep.equal([]);
    const scripts = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(scripts).to.include("readme");
    expect(scripts.filter((name) => !(name in manifest.scripts))).to.deep.equal([]);
  });
});
