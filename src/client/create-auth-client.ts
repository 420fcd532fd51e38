import type { AnyTRPCRouter } from "@trpc/server";
import type { AppRouter } from "../trpc/auth-router-types.js";
import type { AuthClient, AuthClientOf } from "./auth-client.js";
import { authFetch, originCheck } from "./auth-fetch.js";
import { browser } from "./browser-globals.js";
import { Cookies } from "./cookie-request.js";
import { createApi } from "./create-api.js";
import { Credentials } from "./credentials.js";
import { globalFetch } from "./fetch-like.js";
import { FreshSession } from "./fresh-session.js";
import { globalTimer, keepConnection } from "./keep-connection.js";
import { localStorageStore } from "./local-storage-store.js";
import { defaultLock } from "./lock.js";
import { logOut } from "./log-out.js";
import type { AuthClientOptions } from "./options.js";
import { exclusivelyBy, Refresher } from "./refresher.js";
import { SessionKeeper } from "./session-keeper.js";
import { memoryStore } from "./token-store.js";
import { wireOf } from "./transformer.js";
import { authLink } from "./trpc-link.js";

/**
 * Creates a client that logs in, keeps the session and refreshes it: before its token expires and after one was refused,
 * once for any number of requests and tabs. It
 * sets no timer but in `keepConnection`.
 *
 * @throws TypeError for options that contradict each other, or a URL that is none
 * @example
 * const auth = createAuthClient({ url: "http://127.0.0.1:4000/trpc" });
 * auth.subscribe(({ reason }) => console.log(reason));
 * await auth.login("alice", password);
 * const janus = createTRPCClient<AppRouter>({
 *   links: [httpBatchLink({ url: "http://127.0.0.1:4000/trpc", fetch: auth.fetch })],
 * });
 */
export function createAuthClient<Router extends AnyTRPCRouter = AppRouter>(
  options: AuthClientOptions,
): AuthClient<Router> {
  const { fetch = globalFetch, clock = { now: () => new Date() }, lock = defaultLock() } = options;
  const { setTimer = globalTimer } = options;
  const cookies = options.cookies ? new Cookies(options.csrfToken) : undefined;
  const store = options.store ?? (cookies ? localStorageStore() : memoryStore());
  const url = new URL(options.url, browser.location?.href);

  const keeper = new SessionKeeper(store, clock, cookies !== undefined);
  const alone = exclusivelyBy(lock, url);
  const credentials = new Credentials(options, cookies);
  const wire = wireOf(options.transformer);
  const api = createApi(options, { fetch, cookies }, credentials, wire);
  const refresher = new Refresher(api, keeper, alone);
  const fresh = new FreshSession(keeper, refresher);

  const client: AuthClientOf<unknown> = {
    get session() {
      return keeper.session;
    },
    login: (username, password) =>
      alone(async () => {
        const sentAt = keeper.now();
        return keeper.loggedIn(await api.login(username, password), sentAt);
      }),
    logout: () => logOut(api, keeper, alone),
    async refresh() {
      await refresher.refresh(keeper.stored);
      return keeper.session;
    },
    adopt: (issued) => keeper.loggedIn(issued, keeper.now()),
    subscribe: (listener) => keeper.subscribe(listener),
    fetch: authFetch({ fetch, credentials, fresh, wire, isOurs: originCheck(url, options.origins) }),
    async connectionParams() {
      await fresh.get();
      return credentials.header(keeper.stored);
    },
    keepConnection: (renew) => keepConnection({ keeper, fresh, setTimer }, renew),
    trpcLink: () => authLink(fresh, setTimer),
  };
  // Whatever the server answers is kept; what that is, the type of its router says.
  return client as AuthClient<Router>;
}
