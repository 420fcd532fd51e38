import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { readPage } from "../../src/server/page/read-page.js";
import type { Logger } from "../../src/logger.js";
import { request, sendRaw } from "../support/raw-http.js";
import { SECURITY_HEADERS } from "../support/security-headers.js";
import { testContext } from "../support/test-context.js";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; worker-src 'self'; " +
  "font-src 'self' data:; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE_HEADERS = {
  ...SECURITY_HEADERS,
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
};

describe("the page at /", () => {
  const context = testContext();
  const get = async (path: string) => {
    const [answer] = await sendRaw(context.url, request("GET", path));
    if (!answer) throw new Error("there was no answer");
    return answer;
  };
  const built = readdirSync("build/page");

  it("may run its own scripts and speak to its server; every other header is as ever", async () => {
    const answer = await get("/");
    expect(answer).to.include({ status: 200 });
    expect(answer.headers).to.include({ ...PAGE_HEADERS, "content-type": "text/html; charset=utf-8" });
    expect(answer.body)
      .to.include("<title>Janus</title>")
      .and.not.match(/<script(?![^>]* src=)|<style| on\w+=/);
  });

  it("has files of the right types, which are kept for as long as their names", async () => {
    const types: Readonly<Record<string, string>> = {
      js: "text/javascript",
      css: "text/css",
      ttf: "font/ttf",
      svg: "image/svg\\+xml",
    };
    const files = built.filter((name) => name !== "index.html" && name !== "licenses.md");
    expect(files.length).to.be.above(10);
    for (const name of files) {
      const { status, headers } = await get(`/page/${name}`);
      expect(status, name).to.equal(200);
      expect(headers, name).to.include({ ...PAGE_HEADERS, "cache-control": "private, max-age=31536000, immutable" });
      expect(headers["content-type"], name).to.match(new RegExp(`^${types[name.split(".").at(-1) ?? ""]}(;|$)`));
    }
    const licenses = await get("/page/licenses.md");
    expect(licenses.headers).to.include({ ...PAGE_HEADERS, "content-type": "text/plain; charset=utf-8" });
    expect(licenses.body).to.include("## graphiql - ").and.include("## monaco-editor - ");
  });

  for (const path of [
    "/page/",
    "/page/index.html",
    "/page/nothing.js",
    "/page/../package.json",
    "/page/..%2f..%2fpackage.json",
    "/page/%2e%2e%2f%2e%2e%2fpackage.json",
    "/page/..%5c..%5cpackage.json",
    "/page//etc/passwd",
    "/page/%2fetc%2fpasswd",
    "/page/licenses.md%00.js",
    "/page/constructor",
    "/page/__proto__",
  ]) {
    it(`has nothing else: ${path}`, async () => {
      const { status, headers } = await get(path);
      expect(status).to.equal(404);
      expect(headers).to.include(SECURITY_HEADERS);
    });
  }

  it("is read, and nothing more", async () => {
    for (const path of ["/", "/page/licenses.md", "/page/settings.json", "/page/procedures.json"]) {
      for (const method of ["POST", "PUT", "DELETE"]) {
        const [answer] = await sendRaw(context.url, request(method, path));
        expect(answer, `${method} ${path}`).to.include({ status: 405 });
        expect(answer?.headers).to.include({ allow: "GET, HEAD" });
      }
    }
  });

  it("is told how to log in, and no secret", async () => {
    expect(JSON.parse((await get("/page/settings.json")).body)).to.deep.equal({
      cookies: false,
      headerName: "authorization",
      headerPrefix: "JWT",
      hasSessions: true,
      isGuarded: true,
    });
  });

  it("shows the procedures to users only, as the schema", async () => {
    const anonymous = await get("/page/procedures.json");
    expect(anonymous.status).to.equal(401);
    expect(anonymous.body).to.not.include("tokenAuth");
    const { token } = await context.login();
    const answer = await fetch(`${context.url}/page/procedures.json`, { headers: { authorization: `JWT ${token}` } });
    expect(await answer.json()).to.deep.include.members([
      {
        name: "auth.tokenAuth",
        type: "mutation",
        fields: [
          { name: "username", type: "text", isOptional: false, isSecret: false },
          { name: "password", type: "text", isOptional: false, isSecret: true },
        ],
      },
      { name: "auth.me", type: "query", fields: [] },
      {
        name: "auth.sessions",
        type: "query",
        fields: [{ name: "user", type: "text", isOptional: true, isSecret: false }],
      },
    ]);
  });
});

describe("the page at /, where introspection is open", () => {
  const context = testContext({ JWT_PROFILE: "documented" });

  it("shows the procedures to everybody", async () => {
    const answer = await fetch(`${context.url}/page/procedures.json`);
    expect(answer.status).to.equal(200);
    expect(await answer.json()).to.have.length.above(8);
  });
});

describe("the page at /, switched off", () => {
  const context = testContext({ JANUS_PAGE: "false" });

  it("is not there", async () => {
    for (const path of ["/", "/page/settings.json", "/page/procedures.json", "/page/licenses.md"]) {
      const [answer] = await sendRaw(context.url, request("GET", path));
      expect(answer, path).to.include({ status: 404 });
      expect(answer?.headers).to.include(SECURITY_HEADERS);
    }
    expect(context.server.hasPage).to.equal(false);
  });
});

describe("the page at /, not built", () => {
  let directory: string;
  const warnings: string[] = [];
  const logger: Logger = { info() {}, error() {}, warn: (_details, message) => void warnings.push(message) };
  const url = () => pathToFileURL(`${directory}/`);
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-page-"));
    warnings.length = 0;
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("is missed by the log, not by the server", async () => {
    expect(await readPage(logger, url())).to.equal(undefined);
    expect(warnings).to.deep.equal(["there is no page at /: it was not built, `npm run build` does it"]);
  });

  it("is made of files of known types alone", async () => {
    for (const name of ["index.html", "index-C0AQgVWC.js", "notes.txt", ".secret"])
      await writeFile(join(directory, name), "");
    await mkdir(join(directory, "folder"));
    const page = await readPage(logger, url());
    expect([...(page?.files.keys() ?? [])]).to.deep.equal(["index-C0AQgVWC.js"]);
  });
});
