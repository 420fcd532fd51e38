import { expect } from "chai";
import type { DataSource } from "typeorm";
import {
  createAuth,
  createDataSource,
  type Logger,
  migrate,
  RefreshToken,
  SESSION_MIGRATIONS,
} from "../../../src/index.js";
import { Members } from "../../library/host/members.js";
import { SECRET_KEY } from "../../support/forge.js";
import { listen, type Listening } from "../../support/listen.js";
import { errorOf } from "../../support/refusals.js";
import { CHEAP_HASHER } from "../../support/running-server.js";
import { Secrets } from "../../support/secrets.js";
import { temporaryDirectory } from "../../support/temporary-directory.js";
import { TestClock } from "../../support/test-clock.js";
import { NOW, PASSWORD } from "../../support/test-context.js";
import { jsonRefusal, trpcRefusal } from "../../support/unauthorized-answers.js";
import { type Good, type HostileToken, HostileTokens, REFUSALS } from "./hostile-tokens.js";
import { type Guarded, guardedHost } from "./guarded-host.js";
import { SIGNING_KEYS, type SigningKey } from "./signing-keys.js";

const EMAIL = "nora@example.org";
const DENIED = { code: "UNAUTHENTICATED", message: "You do not have permission to perform this action" };
/** Node takes 16 kB of headers. */
const LONGEST_IN_A_HEADER = 12_000;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One way to hand a token to the server. */
interface Way {
  readonly name: string;
  readonly fits: (token: string) => boolean;
  readonly ask: (face: "GraphQL" | "tRPC", token: string) => Promise<Answer>;
  readonly expected: (
    face: "GraphQL" | "tRPC",
    row: HostileToken,
  ) => { readonly status: number; readonly body: unknown };
}

/** What the four algorithms do differently is behind `AccessTokens.verify`: one with a secret and one with a pair will do. */
const [HS256, RS256] = SIGNING_KEYS as [SigningKey, SigningKey];
const SERVERS = { documented: [HS256], hardened: [HS256, RS256] };

for (const profile of ["documented", "hardened"] as const) {
  for (const key of SERVERS[profile]) {
    describe(`a hostile token over HTTP, ${key.algorithm}, ${profile}`, function () {
      this.timeout(120_000); // Each test sends some five hundred requests.
      const directory = temporaryDirectory();
      const guarded: Guarded = { runs: 0 };
      const serverErrors: unknown[] = [];
      const written: string[] = [];
      let dataSource: DataSource;
      let host: Listening;
      let good: Good;

      before(async () => {
        const url = `sqlite:${directory.path()}/sessions.sqlite`;
        dataSource = await createDataSource({
          url,
          entities: [RefreshToken],
          migrations: SESSION_MIGRATIONS,
        }).initialize();
        await migrate(dataSource);
        const users = new Members(CHEAP_HASHER);
        await users.add({ email: EMAIL, kitchen: "north" }, PASSWORD);
        const log = (fields: object, message: string) => void written.push(`${message} ${JSON.stringify(fields)}`);
        const logger: Logger = { info: log, warn: log, error: log };
        const settings = {
          ...key.settings,
          profile,
          usernameField: "email",
          verifyExpiration: true,
          longRunningRefreshToken: true,
          cookies: true,
          allowArgument: true,
        };
        const clock = new TestClock();
        const auth = await createAuth({ users, secretKey: SECRET_KEY, settings, dataSource, clock, logger });
        host = await listen(await guardedHost(auth, guarded, (error) => serverErrors.push(error)));
        const { token, refreshToken = "" } = await auth.service.tokenAuth({ username: EMAIL, password: PASSWORD });
        good = { token, refreshToken, now: NOW };
      });
      after(async () => {
        await host.close();
        await dataSource.destroy();
      });

      async function post(
        path: string,
        json: unknown,
        headers: Readonly<Record<string, string>> = {},
      ): Promise<Answer> {
        const response = await fetch(host.url + path, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify(json),
        });
        return { status: response.status, text: await response.text() };
      }

      const prefix = profile === "hardened" ? "__Host-" : "";
      const cookies = (token: string) => ({
        cookie: `${prefix}JWT=${encodeURIComponent(token)}; ${prefix}csrftoken=proof`,
        "x-csrftoken": "proof",
      });
      const secret = (face: string, token?: string, headers = {}) =>
        face === "GraphQL"
          ? post("/graphql", { query: "query($token:String){secret(token:$token)}", variables: { token } }, headers)
          : post("/trpc/secret", token === undefined ? {} : { token }, headers);
      const verifyToken = (face: string, token?: string, headers = {}) =>
        face === "GraphQL"
          ? post(
              "/graphql",
              { query: "mutation($token:String){verifyToken(token:$token){payload}}", variables: { token } },
              headers,
            )
          : post("/trpc/auth.verifyToken", { token }, headers);

      const own = (face: string, row: HostileToken) => ({
        status: face === "GraphQL" ? 200 : 401,
        body: REFUSALS[row.refusal],
      });
      const inHeader = (token: string) => /^[!-~]+$/.test(token) && token.length <= LONGEST_IN_A_HEADER;
      const inCookie = (token: string) => token !== "" && encodeURIComponent(token).length <= LONGEST_IN_A_HEADER;

      const WAYS: readonly Way[] = [
        {
          name: "in the header",
          fits: inHeader,
          ask: (face, token) => secret(face, undefined, { authorization: `JWT ${token}` }),
          expected(face, { refusal }) {
            const message = refusal === "expired" ? "Token expired" : "Invalid token";
            return { status: 401, body: face === "GraphQL" ? jsonRefusal(message) : trpcRefusal(message) };
          },
        },
        // A bad cookie is dropped and the request anonymous, or the browser that sends it again were locked out.
        {
          name: "in a cookie",
          fits: inCookie,
          ask: (face, token) => secret(face, undefined, cookies(token)),
          expected: (face) => ({ status: face === "GraphQL" ? 200 : 401, body: DENIED }),
        },
        {
          name: "in a cookie, to be verified",
          fits: inCookie,
          ask: (face, token) => verifyToken(face, undefined, cookies(token)),
          expected: own,
        },
        { name: "to be verified", fits: () => true, ask: verifyToken, expected: own },
        { name: "as an argument", fits: () => true, ask: secret, expected: own },
      ];

      for (const way of WAYS) {
        it(`is accepted ${way.name}, where it is good`, async () => {
          guarded.runs = 0;
          for (const face of ["GraphQL", "tRPC"] as const) {
            const { status, text } = await way.ask(face, good.token);
            expect(status, text).to.equal(200);
            expect(text).not.to.include("error");
          }
          expect(guarded.runs).to.equal(way.name.includes("verified") ? 0 : 2);
        });

        it(`is refused ${way.name}; nothing runs, and it is in no answer and no log`, async () => {
          guarded.runs = 0;
          written.length = 0;
          let count = 0;
          for (const row of new HostileTokens(key, profile, good).all()) {
            if (!way.fits(row.token)) continue;
            for (const face of ["GraphQL", "tRPC"] as const) {
              const answer = await way.ask(face, row.token);
              const expected = way.expected(face, row);
              const body: unknown =
                way.name === "in the header" ? JSON.parse(answer.text) : errorOf({ body: answer.text });
              expect({ status: answer.status, body }, `${row.name}, ${face}`).to.deep.equal(expected);
              expectNotIn([answer.text], row);
              count += 1;
            }
            expectNotIn(written.splice(0), row);
          }
          expect(count).to.be.above(400);
          expect(guarded.runs).to.equal(0);
          expect(serverErrors).to.deep.equal([]);
        });
      }

      function expectNotIn(texts: readonly string[], { name, token }: HostileToken): void {
        const secrets = new Secrets();
        secrets.addToken(token);
        if (token.length >= 20) secrets.add(token);
        expect(secrets.leaksIn(texts), name).to.deep.equal([]);
      }
    });
  }
}
