import { expect } from "chai";
import { localStorageStore, memoryStore, type StoredSession } from "../../src/client/index.js";
import { testContext } from "../support/test-context.js";
import { type Page, removePage, setPage } from "./lab/page.js";
import { loggedIn, newClient, sharedLock } from "./lab/new-client.js";

describe("localStorageStore", () => {
  const context = testContext();
  let page: Page;
  beforeEach(() => {
    page = setPage();
  });
  afterEach(removePage);

  it("keeps the session over a reload", async () => {
    const { auth, user } = await loggedIn(context, { store: localStorageStore() });
    const reloaded = newClient(context, { store: localStorageStore() });
    expect(reloaded.auth.session).to.deep.equal(auth.session);
    const response = await reloaded.auth.fetch(`${context.url}/trpc/auth.me`);
    expect(await response.json()).to.have.nested.property("result.data.id", user.id);
    await auth.logout();
    expect(page.storage.size).to.equal(0);
    expect(reloaded.auth.session).to.equal(null);
  });

  it("answers the same object until it changes", async () => {
    const { auth } = await loggedIn(context, { store: localStorageStore() });
    const { session } = auth;
    expect(auth.session).to.equal(session);
    await auth.refresh();
    expect(auth.session).to.not.equal(session);
  });

  it("tells of what other tabs do, while somebody listens", async () => {
    const { auth, user, events } = await loggedIn(context, { store: localStorageStore(), lock: sharedLock() });
    const other = page.openTab(() => newClient(context, { store: localStorageStore() }));
    const stop = other.auth.subscribe(() => {});
    await auth.refresh();
    page.changed("janus-auth");
    page.changed("somebody-else");
    await auth.logout();
    page.changed(null);
    expect(other.events).to.deep.equal([
      { reason: "elsewhere", session: events[0]?.session },
      { reason: "elsewhere", session: null },
    ]);
    expect(user.username).to.equal(events[0]?.session?.user?.username);
    stop();
    expect(page.listeners).to.equal(2);
  });

  it("stops watching when nobody listens any more", () => {
    const store = localStorageStore();
    const stop = store.subscribe?.(() => {});
    expect(page.listeners).to.equal(1);
    stop?.();
    expect(page.listeners).to.equal(0);
  });

  for (const damaged of [
    "",
    "{",
    "null",
    "5",
    "[]",
    "{}",
    '{"session":null}',
    '{"session":{}}',
    '{"session":{"user":null,"payload":{}},"token":5}',
    '{"session":{"user":null,"payload":{}},"refreshToken":{}}',
    '{"session":{"user":null,"payload":{}},"expiresAt":"soon"}',
    '{"session":{"user":null,"payload":{}},"lifetime":[]}',
  ]) {
    it(`drops what is damaged: ${damaged}`, () => {
      page.storage.set("janus-auth", damaged);
      page.storage.set("other", "kept");
      expect(localStorageStore().get()).to.equal(null);
      expect([...page.storage]).to.deep.equal([["other", "kept"]]);
    });
  }

  it("keeps several apart by their keys", () => {
    const session: StoredSession = { session: { user: null, payload: {} }, token: "a" };
    localStorageStore("one").set(session);
    expect(localStorageStore("two").get()).to.equal(null);
    expect(localStorageStore("one").get()).to.deep.equal(session);
  });

  for (const fault of ["denied", "full", "missing"] as const) {
    it(`keeps the session in memory where the storage is ${fault}`, async () => {
      page.fault = fault;
      const store = localStorageStore();
      const { auth, reasons } = await loggedIn(context, { store });
      expect((await auth.fetch(`${context.url}/trpc/auth.me`)).status).to.equal(200);
      expect(await auth.refresh()).to.not.equal(null);
      expect(reasons()).to.deep.equal(["refreshed"]);
      expect(await auth.logout()).to.deep.equal({ revoked: true });
      expect(auth.session).to.equal(null);
    });
  }

  it("is what cookies use unless told otherwise: what the page may know, and no token", async () => {
    const { username } = await context.createUser();
    const lab = newClient(context, { cookies: true });
    await lab.auth.login(username, "s3cret-Passw0rd");
    const kept = page.storage.get("janus-auth") ?? "";
    expect(JSON.parse(kept)).to.have.all.keys("session", "lifetime", "expiresAt");
    expect(kept).to.not.match(/eyJ|oken/);
  });
});

describe("memoryStore", () => {
  it("keeps nothing at first, then what it was given, each for itself", () => {
    const session: StoredSession = { session: { user: null, payload: {} } };
    const [one, other] = [memoryStore(), memoryStore()];
    expect(one.get()).to.equal(null);
    one.set(session);
    expect([one.get(), other.get()]).to.deep.equal([session, null]);
    one.set(null);
    expect(one.get()).to.equal(null);
  });
});
