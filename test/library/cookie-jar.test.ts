import { createServer, type Server } from "node:http";
import { pipeline } from "node:stream/promises";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { httpBatchLink, httpLink } from "@trpc/client";
import { expect } from "chai";
import { buildSchema } from "type-graphql";
import {
  type Auth,
  type AuthContext,
  type AuthUser,
  createAuth,
  createEventStreamHandler,
  createGraphQLHandler,
  createTrpc,
  wantsEventStream,
} from "../../src/index.js";
import { Browser } from "../support/browser.js";
import { dataOf, graphqlFace, trpcFace } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { post } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";

const ALICE: AuthUser = { id: "1", username: "alice", isActive: true };

const users = {
  findByNaturalKey: async (username: string) => (username === "alice" ? ALICE : null),
  checkPassword: async (user: AuthUser | null, password: string) => user !== null && password === "secret",
};

/** A host application that puts the cookies into its answers. */
async function cookieHost(auth: Auth): Promise<Server> {
  const schema = await buildSchema({ resolvers: auth.resolvers, authChecker: auth.authChecker });
  const graphql = createGraphQLHandler(schema);
  const stream = createEventStreamHandler(schema);
  const router = createTrpc().router({ auth: auth.trpcRouter });
  const cookiesOf = (context?: AuthContext): string[] => context?.cookies?.setCookieHeaders() ?? [];
  const challengeOf = (context?: AuthContext): Record<string, string> => {
    const challenge = context?.cookies?.challenge();
    return challenge === undefined ? {} : { "www-authenticate": challenge };
  };

  return createServer((req, res) => {
    void (async () => {
      const trpc = req.url?.startsWith("/trpc/") === true;
      const onServerError = (error: unknown) => res.destroy(error as Error);
      try {
        const context = await auth.context(req);
        if (trpc) {
          const [path = ""] = (req.url ?? "").slice("/trpc/".length).split("?");
          return await nodeHTTPRequestHandler({
            router,
            req,
            res,
            path,
            createContext: async () => context,
            responseMeta() {
              const answer = new Headers(challengeOf(context));
              for (const line of cookiesOf(context)) answer.append("set-cookie", line);
              return { headers: answer };
            },
          });
        }
        const handle = wantsEventStream(req) ? stream : graphql;
        const { status, headers, body } = await handle({ request: req, body: req, context, onServerError });
        res.writeHead(status, { ...headers, ...challengeOf(context), "set-cookie": cookiesOf(context) });
        await pipeline(typeof body === "string" ? [body] : body, res);
      } catch (error) {
        const { status, headers, body } = await auth.errorResponse({ request: req, error, trpc, onServerError });
        res.writeHead(status, headers).end(body);
      }
    })();
  });
}

describe("cookies in a host application", () => {
  let host: Listening;
  let browser = new Browser();
  const target = () => ({ url: host.url, hasRefreshTokens: false, hidesTokens: false, fetch: browser.fetch });

  before(async () => {
    const auth = await createAuth({ users, secretKey: SECRET_KEY, settings: { cookies: true } });
    host = await listen(await cookieHost(auth));
  });
  beforeEach(() => {
    browser = new Browser();
  });
  after(() => host.close());

  for (const face of [graphqlFace(target), trpcFace(target, httpLink), trpcFace(target, httpBatchLink)]) {
    it(`are set, read and deleted over ${face.name}`, async () => {
      dataOf(await face.tokenAuth({ username: "alice", password: "secret" }));
      expect(browser.set).to.have.all.keys("JWT", "csrftoken");
      expect(dataOf(await face.me())?.username).to.equal("alice");
      expect(dataOf(await face.deleteTokenCookie())).to.deep.equal({ deleted: true });
      expect(browser.set).to.have.all.keys("JWT");
      expect(await face.me()).to.deep.equal({ data: null });
    });

    it(`are dropped over ${face.name} where they are bad, and the answer says so`, async () => {
      dataOf(await face.tokenAuth({ username: "alice", password: "secret" }));
      browser.cookies.set("JWT", "garbage");
      expect(await face.me()).to.deep.equal({ data: null });
      expect(browser.set).to.have.all.keys("JWT");
      expect(browser.challenge).to.equal('JWT error="invalid_token"');
    });

    it(`are deleted over ${face.name} where the CSRF cookie is lost`, async () => {
      const credentials = { username: "alice", password: "secret" };
      dataOf(await face.tokenAuth(credentials));
      browser.cookies.delete("csrftoken");
      expect(await face.tokenAuth(credentials)).to.include({ code: "CSRF_FAILED", status: 403 });
      dataOf(await face.tokenAuth(credentials));
    });
  }

  it("are set in the head of an event stream", async () => {
    const query = 'mutation { tokenAuth(username: "alice", password: "secret") { payload } }';
    await post(`${host.url}/graphql`, { query }, { accept: "text/event-stream" }, browser.fetch);
    expect(browser.bodies.join("")).to.match(/^event: next\ndata: \{"data":\{"tokenAuth":/m);
    expect(browser.set).to.have.all.keys("JWT", "csrftoken");
    expect(dataOf(await graphqlFace(target).me())?.username).to.equal("alice");
  });
});
