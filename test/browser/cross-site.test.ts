import { createServer } from "node:http";
import { expect } from "chai";
import type { BrowserContext, Page, Request } from "playwright-core";
import { chromium } from "../support/chromium.js";
import { until } from "../support/until.js";
import { listen, type Listening } from "../support/listen.js";
import { testContext } from "../support/test-context.js";
import { logIn, visit } from "./visit.js";

const END_ALL = JSON.stringify({ query: "mutation { revokeAllSessions { count } }" });

/** A form of this kind sends `name=value` and a line end: the value closes what the name has opened. */
const TEXT_FORM = { name: `${END_ALL.slice(0, -1)},"x":"`, value: '"}' };

const ATTACKS: Readonly<Record<string, string>> = {
  "a form": formOf("application/x-www-form-urlencoded", {
    name: "query",
    value: "mutation { revokeAllSessions { count } }",
  }),
  "a form with JSON in it": formOf("text/plain", TEXT_FORM),
  "a form with a part": formOf("multipart/form-data", { name: "operations", value: END_ALL }),
  "a fetch of text": `send({ headers: { "content-type": "text/plain" } })`,
  "a fetch without a type": `send({})`,
  "a fetch of JSON": `send({ headers: { "content-type": "application/json" } })`,
  "a fetch with a made-up CSRF token": `send({ headers: { "content-type": "application/json", "x-csrftoken": "x" } })`,
};

const CSRF_FAILED = 403;
const NOT_ALLOWED = 405;

/** Those that are not simple: the browser asks the server first, and is told that it may not. */
const ASKED_FOR = new Set(["a fetch of JSON", "a fetch with a made-up CSRF token"]);

const FORMS = Object.keys(ATTACKS).filter((name) => name.startsWith("a form"));

/** What the attacks are aimed at. */
const PATHS = ["/graphql", "/trpc/auth.revokeAllSessions"];

const DOCUMENTED = { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" };

interface Row {
  readonly host: string;
  readonly cookies: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly attacks: readonly string[];
}

/*
 * Where the cookies really are sent, which each test asserts by the kind of refusal: with forms of other sites where SameSite allows it, or within
 * two minutes where there is none; with everything of another host of the same site. Chromium sends none with a fetch of
 * another site. Browsers find every name below `localhost` on this machine.
 */
const ROWS: readonly Row[] = [
  {
    host: "attacker.localhost",
    cookies: "SameSite=None",
    environment: { ...DOCUMENTED, JWT_COOKIE_SAME_SITE: "None", JWT_COOKIE_SECURE: "true" },
    attacks: FORMS,
  },
  { host: "attacker.localhost", cookies: "no SameSite", environment: DOCUMENTED, attacks: FORMS },
  { host: "attacker.app.localhost", cookies: "SameSite=Lax", environment: {}, attacks: Object.keys(ATTACKS) },
];

describe("a page of another origin", function () {
  this.timeout(60_000);
  let attacker: Listening;
  before(async () => {
    attacker = await listen(
      createServer((_request, response) => {
        response.setHeader("content-type", "text/html");
        response.end("<!doctype html><title>Win a phone</title>");
      }),
    );
  });
  after(() => attacker.close());

  for (const { host, cookies, environment, attacks } of ROWS) {
    describe(`at ${host}, with cookies of ${cookies}`, () => {
      const context = testContext({ JWT_COOKIES: "true", CORS_ORIGINS: "http://trusted.localhost", ...environment });
      const browser = chromium();
      let shared: BrowserContext;
      let user: string;
      const url = () => context.url.replace("127.0.0.1", "app.localhost");

      beforeEach(async () => {
        ({ username: user } = await context.createUser());
        shared = await browser.context();
        await logIn(await visit(shared, url()), user);
        context.forget();
      });

      /**
       * What the server has answered since the last look, beside what the page asks in the background. Without a cookie it
       * would not have looked for a CSRF token.
       */
      const statuses = () => {
        const lines = context.log.filter(({ msg, method }) => msg === "request" && method !== "GET");
        return lines.map(({ method, status }) => [method, status]);
      };

      for (const name of attacks) {
        it(`ends no session by ${name}`, async () => {
          for (const path of PATHS) {
            const page = await attackerPage();
            await attack(page, ATTACKS[name] ?? "", url() + path);
            await until(() => statuses().length > 0);
            expect(statuses(), path).to.deep.equal([
              ASKED_FOR.has(name) ? ["OPTIONS", NOT_ALLOWED] : ["POST", CSRF_FAILED],
            ]);
            context.log.length = 0;
            expect(await page.evaluate("globalThis.read"), path).to.equal(undefined);
          }
          const rows = await context.sessionsOf(user);
          expect(rows.map(({ revoked }) => revoked)).to.deep.equal([null]);
          expect(context.eventNames).to.deep.equal([]);
        });
      }

      it("cannot read who is logged in", async () => {
        const page = await attackerPage();
        const read = `fetch("${url()}/trpc/auth.me", { credentials: "include" }).then((answer) => answer.text())`;
        expect(await page.evaluate(`${read}.catch(String)`)).to.equal("TypeError: Failed to fetch");
      });

      it("opens no WebSocket, which the page itself does", async () => {
        const { page: own } = await visit(shared, url());
        const page = await attackerPage();
        for (const [path, protocol] of SOCKETS) {
          const open = openSocket(url().replace("http", "ws") + path, protocol);
          expect(await own.evaluate(open), path).to.equal("open");
          expect(await page.evaluate(open), path).to.equal("closed");
        }
        const refusals = context.log.filter(({ msg }) => msg === "a socket was refused");
        expect(refusals.map(({ code, status }) => [code, status])).to.deep.equal([
          ["FORBIDDEN", 403],
          ["FORBIDDEN", 403],
        ]);
      });

      it("could end the session if it were the page itself", async () => {
        const { page } = await visit(shared, url());
        const csrf = `document.cookie.split("csrftoken=")[1].split(";")[0]`;
        const headers = `{ "content-type": "application/json", "x-csrftoken": ${csrf} }`;
        await attack(page, `send({ headers: ${headers} })`, `${url()}/graphql`);
        expect((await context.sessionsOf(user)).map(({ revoked }) => revoked === null)).to.deep.equal([false]);
      });

      async function attackerPage(): Promise<Page> {
        const page = await shared.newPage();
        await page.goto(attacker.url.replace("127.0.0.1", host));
        return page;
      }
    });
  }
});

const SOCKETS = [
  ["/graphql", "graphql-transport-ws"],
  ["/trpc", null],
] as const;

/** What a page gets of a WebSocket, to which browsers add the cookies whatever page it is. */
function openSocket(target: string, protocol: string | null): string {
  return `new Promise((resolve) => {
    const socket = new WebSocket(${JSON.stringify(target)}, ${JSON.stringify(protocol ?? [])});
    socket.onopen = () => (resolve("open"), socket.close());
    socket.onclose = () => resolve("closed");
  })`;
}

/** Runs an attack on a page, until the server has answered. */
async function attack(page: Page, script: string, target: string): Promise<void> {
  const isIt = (request: Request) => request.url() === target;
  const over = Promise.race([page.waitForEvent("requestfinished", isIt), page.waitForEvent("requestfailed", isIt)]);
  await page.evaluate(`(() => { const target = ${JSON.stringify(target)}; ${TOOLS} ${script}; })()`);
  await over;
}

const TOOLS = `
  const post = (enctype, name, value) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: target, enctype });
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    document.body.append(form);
    form.submit();
  };
  const send = (init) => void fetch(target, { method: "POST", credentials: "include", body: ${JSON.stringify(END_ALL)}, ...init })
    .then((answer) => answer.text())
    .then((text) => (globalThis.read = text), () => undefined);
`;

function formOf(type: string, { name, value }: { name: string; value: string }): string {
  return `post(${[type, name, value].map((text) => JSON.stringify(text)).join(", ")})`;
}
