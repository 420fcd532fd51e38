import { readFile } from "node:fs/promises";
import { createContext, SourceTextModule } from "node:vm";

/** What every runtime with a `fetch` has, and nothing else: no `process`, `Buffer`, `localStorage`, `navigator`, `document`. */
const WEB_GLOBALS = {
  fetch,
  Headers,
  Request,
  Response,
  URL,
  AbortController,
  AbortSignal,
  TextEncoder,
  TextDecoder,
  atob,
  btoa,
  setTimeout,
  clearTimeout,
  queueMicrotask,
};

/** What the program of a test does there, as text: nothing of Node is in its scope. */
const PROGRAM = `
  import { createAuthClient, localStorageStore, AuthClientError } from "CLIENT";

  const said = { globals: Object.getOwnPropertyNames(globalThis).filter((name) => /^(process|Buffer|require|global|localStorage|navigator|document|location|BroadcastChannel)$/.test(name)) };
  const sent = [];
  const store = localStorageStore();
  let later = 0;
  const auth = createAuthClient({
    url: \`\${server}/trpc\`,
    store,
    clock: { now: () => new Date(Date.now() + later) },
    fetch: (input, init) => (sent.push(new URL(input).pathname.slice(6)), fetch(input, init)),
  });
  const reasons = [];
  auth.subscribe(({ reason }) => reasons.push(reason));
  const me = async () => (await (await auth.fetch(\`\${server}/trpc/auth.me\`)).json()).result.data?.username ?? null;

  said.wrong = await auth.login(username, "wrong").catch((error) => error instanceof AuthClientError && error.code);
  await auth.login(username, password);
  said.me = await me();
  later = 280_000; // 20 seconds before the token expires.
  said.together = await Promise.all([me(), me(), me()]);
  store.set({ ...store.get(), token: "garbage" });
  said.afterRefusal = await Promise.all([me(), me()]);
  said.params = Object.keys(await auth.connectionParams());
  const stop = auth.keepConnection(() => {});
  said.logout = await auth.logout();
  stop();
  said.after = await me();
  report(JSON.stringify({ ...said, sent, reasons, session: auth.session }));
`;

const [server, username, password, directory = ""] = process.argv.slice(2);
const context = createContext({
  ...WEB_GLOBALS,
  server,
  username,
  password,
  report: (text: string) => console.log(text),
});
const modules = new Map<string, Promise<SourceTextModule>>();

/** The files of the client, each once. */
function load(file: string): Promise<SourceTextModule> {
  const found = modules.get(file);
  if (found) return found;
  const loaded = readFile(file, "utf8").then((text) => new SourceTextModule(text, { context, identifier: file }));
  modules.set(file, loaded);
  return loaded;
}

const program = new SourceTextModule(PROGRAM, { context, identifier: "program" });
await program.link((specifier, { identifier }) =>
  load(specifier === "CLIENT" ? `${directory}/index.js` : new URL(specifier, `file://${identifier}`).pathname),
);
await program.evaluate();
