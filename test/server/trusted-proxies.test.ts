import { expect } from "chai";
import { request, postRequest, sendRaw } from "../support/raw-http.js";
import { PASSWORD, testContext, type TestContext } from "../support/test-context.js";

const PROXY = "127.0.0.1";
const CLIENT = "203.0.113.7";

/** Logs in behind these headers. @returns the address of the session, of its event and of its line in the log */
async function addressesOf(context: TestContext, headers: Readonly<Record<string, string>>): Promise<unknown[]> {
  const { username } = await context.createUser();
  const body = JSON.stringify({ username, password: PASSWORD });
  const [answer] = await sendRaw(context.url, postRequest("/trpc/auth.tokenAuth", body, headers));
  expect(answer?.status).to.equal(200);
  const [session] = await context.sessionsOf(username);
  const event = context.events.find(({ name }) => name === "tokenIssued");
  const line = context.log.find(({ msg }) => msg === "auth event");
  return [session?.address, event?.request?.address, line?.["address"]];
}

/** Addresses that the tests' own machine, which is the only one that connects to the server, is said to forward. */
const FORWARDED: Readonly<Record<string, string>> = {
  "X-Forwarded-For": CLIENT,
  "X-Real-IP": CLIENT,
  Forwarded: `for=${CLIENT}`,
  "True-Client-IP": CLIENT,
  "CF-Connecting-IP": CLIENT,
};

describe("the client's address without a trusted proxy", () => {
  const context = testContext();

  for (const [name, value] of Object.entries(FORWARDED)) {
    it(`is that of the connection, whatever it says: ${name}`, async () => {
      expect(await addressesOf(context, { [name]: value })).to.deep.equal([PROXY, PROXY, PROXY]);
    });
  }
});

describe("the client's address with a proxy elsewhere", () => {
  const context = testContext({ TRUST_PROXY: "10.0.0.0/8, ::1" });

  it("is that of the connection, for one that comes past the proxy", async () => {
    expect(await addressesOf(context, { "X-Forwarded-For": CLIENT })).to.deep.equal([PROXY, PROXY, PROXY]);
    expect(await addressesOf(context, { "X-Forwarded-For": `${CLIENT}, 10.0.0.1` })).to.deep.equal([
      PROXY,
      PROXY,
      PROXY,
    ]);
  });
});

describe("the client's address behind a trusted proxy", () => {
  const context = testContext({ TRUST_PROXY: "127.0.0.1, 10.0.0.0/8" });
  const behind = (forwarded: string) => addressesOf(context, { "X-Forwarded-For": forwarded });

  it("is what the proxy says, in the session, the event and the log", async () => {
    expect(await behind(CLIENT)).to.deep.equal([CLIENT, CLIENT, CLIENT]);
    expect(await behind("2001:db8::7")).to.deep.equal(["2001:db8::7", "2001:db8::7", "2001:db8::7"]);
  });

  it("is what the nearest proxy saw that is not trusted itself, not what the client made up before that", async () => {
    expect((await behind(`198.51.100.1, ${CLIENT}`))[0]).to.equal(CLIENT);
    expect((await behind(`198.51.100.1, ${CLIENT}, 10.1.2.3`))[0]).to.equal(CLIENT);
    expect((await behind(`10.9.9.9, ${CLIENT}, 10.1.2.3`))[0]).to.equal(CLIENT);
  });

  it("is the proxy's where that says nothing, or nothing that is an address", async () => {
    for (const nonsense of ["unknown", "", "203.0.113.7:4711", "<script>", "1.2.3.4.5", "a".repeat(5000)]) {
      expect((await behind(nonsense))[0], nonsense).to.equal(PROXY);
    }
    expect((await addressesOf(context, {}))[0]).to.equal(PROXY);
  });

  it("takes nothing from the other headers of proxies", async () => {
    const { "X-Forwarded-For": _, ...others } = FORWARDED;
    expect((await addressesOf(context, others))[0]).to.equal(PROXY);
  });

  it("leaves the address of the request what it is: no route and no check looks at X-Forwarded-Host", async () => {
    const [answer] = await sendRaw(context.url, request("GET", "/healthz", { "X-Forwarded-Host": "evil.example" }));
    expect(JSON.stringify(answer)).not.to.include("evil.example");
  });
});
