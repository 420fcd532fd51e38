import { expect } from "chai";
import type { AuthUser } from "../../src/auth-user.js";
import { createAuth } from "../../src/create-auth.js";
import type { JwtSettingsInput, LimiterFactory, UserDirectory } from "../../src/index.js";
import { ServiceUnavailableError } from "../../src/errors.js";
import { PAIRS } from "../settings/sample-keys.js";
import { SECRET_KEY } from "../support/forge.js";
import { TestClock } from "../support/test-clock.js";

const ALICE: AuthUser & { username: string } = { id: "1", username: "alice", isActive: true };
const HOME = "203.0.113.7";
const DAY = 86_400;

/** The login of a host application, with the address that it knows of. Answers the code, or "in". */
async function loginOf({ settings, directory, loginLimiters, secretKey = SECRET_KEY }: Host = {}) {
  const clock = new TestClock();
  const checked: string[] = [];
  const users: UserDirectory = {
    findByNaturalKey: async (name) => (name.toLowerCase() === "alice" ? ALICE : null),
    checkPassword: async (user, password) => {
      checked.push(password);
      return user !== null && password === "right";
    },
    ...directory,
  };
  const { service } = await createAuth<AuthUser>({
    users,
    secretKey: secretKey ?? undefined,
    clock,
    settings: { loginLimitPerNameAndAddress: 3, ...settings },
    loginLimiters,
  });
  const login = async (username: string, password: string, address?: string): Promise<string> => {
    const request = address === undefined ? undefined : { headers: {}, address };
    return service.tokenAuth({ username, password }, request).then(
      () => "in",
      (error: unknown) => (error as { code: string }).code,
    );
  };
  const fail = async (times: number, username: string, address?: string) => {
    for (let i = 0; i < times; i++) expect(await login(username, "wrong", address)).to.equal("INVALID_CREDENTIALS");
  };
  return { login, fail, clock, checked };
}

interface Host {
  /** By default `SECRET_KEY`; null for none. */
  readonly secretKey?: string | null;
  readonly settings?: JwtSettingsInput;
  readonly directory?: Partial<UserDirectory>;
  readonly loginLimiters?: LimiterFactory;
}

describe("the login limiter", () => {
  it("keeps whoever guesses from one address away from a name, and not its owner", async () => {
    const { login, fail } = await loginOf();
    await fail(3, "alice", "198.51.100.1");
    expect(await login("alice", "right", "198.51.100.1")).to.equal("TOO_MANY_REQUESTS");
    expect(await login("alice", "right", HOME)).to.equal("in");
    expect(await login("alice", "right", "198.51.100.1")).to.equal("TOO_MANY_REQUESTS");
  });

  const same: [name: string, first: string, second: string][] = [
    ["an IPv4 address and the same written as IPv6", "192.0.2.1", "::ffff:192.0.2.1"],
    ["the same in hexadecimal", "192.0.2.1", "::ffff:c000:201"],
    ["two addresses of one /64", "2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"],
    ["two spellings of an IPv6 address", "2001:DB8:0:1::1", "2001:0db8:0000:0001:0000:0000:0000:0001"],
    ["a link-local address with two zones", "fe80::1%eth0", "fe80::2%eth1"],
    ["what is no address", "unix:", "unix:"],
  ];
  for (const [name, first, second] of same) {
    it(`counts ${name} together`, async () => {
      const { login, fail } = await loginOf();
      await fail(3, "alice", first);
      expect(await login("alice", "right", second)).to.equal("TOO_MANY_REQUESTS");
    });
  }

  const different: [name: string, first: string, second: string][] = [
    ["two IPv4 addresses", "192.0.2.1", "192.0.2.2"],
    ["two networks of IPv6", "2001:db8:0:1::1", "2001:db8:0:2::1"],
    ["what is no address and another", "unix:", "unknown"],
  ];
  for (const [name, first, second] of different) {
    it(`counts ${name} apart`, async () => {
      const { login, fail } = await loginOf();
      await fail(3, "alice", first);
      expect(await login("alice", "right", second)).to.equal("in");
    });
  }

  it("counts the name alone where no address is known", async () => {
    const { login, fail } = await loginOf({ settings: { loginLimitPerAddress: 3 } });
    await fail(2, "alice");
    await fail(3, "bob");
    expect(await login("bob", "x")).to.equal("TOO_MANY_REQUESTS");
    await fail(1, "alice");
    expect(await login("alice", "right")).to.equal("TOO_MANY_REQUESTS");
  });

  it("counts a name from many addresses, but spares those at which its owner has logged in", async () => {
    const settings = { loginLimitPerName: 20, loginLimitNameWindow: "1 day", loginLimitKnownAddress: "3 days" };
    const { login, fail, clock } = await loginOf({ settings });
    const attack = async () => {
      for (let i = 0; i < 20; i++) await login("alice", "wrong", `192.0.2.${i}`);
      expect(await login("alice", "right", "198.51.100.8")).to.equal("TOO_MANY_REQUESTS");
    };
    expect(await login("alice", "right", HOME)).to.equal("in");
    await attack();
    expect(await login("alice", "right", HOME)).to.equal("in");
    // Known addresses have the small limit all the same.
    await fail(3, "alice", HOME);
    expect(await login("alice", "right", HOME)).to.equal("TOO_MANY_REQUESTS");
    clock.advance(DAY);
    expect(await login("alice", "right", "198.51.100.9")).to.equal("in");
    clock.advance(2 * DAY); // Three days after the last login at home.
    await attack();
    expect(await login("alice", "right", HOME)).to.equal("TOO_MANY_REQUESTS");
  });

  it("knows no address of others, and none where that is off", async () => {
    for (const loginLimitKnownAddress of [null, "30 days"]) {
      const { login } = await loginOf({ settings: { loginLimitPerName: 2, loginLimitKnownAddress } });
      expect(await login("alice", "right", HOME)).to.equal("in");
      for (const address of ["192.0.2.1", "192.0.2.2"]) {
        await login("alice", "wrong", address);
        await login("bob", "wrong", address);
      }
      expect(await login("alice", "right", HOME)).to.equal(loginLimitKnownAddress ? "in" : "TOO_MANY_REQUESTS");
      expect(await login("bob", "wrong", HOME)).to.equal("TOO_MANY_REQUESTS");
    }
  });

  it("leaves what others got wrong for the name, when its owner logs in", async () => {
    const { login, fail } = await loginOf({ settings: { loginLimitPerName: 4, loginLimitKnownAddress: null } });
    await fail(2, "alice", "192.0.2.1");
    await fail(1, "alice", "192.0.2.2");
    for (let i = 0; i < 5; i++) expect(await login("alice", "right", HOME)).to.equal("in");
    await fail(1, "alice", "192.0.2.3");
    expect(await login("alice", "right", HOME)).to.equal("TOO_MANY_REQUESTS");
  });

  it("takes all capitals and NFKC spellings of a host's names for one, unless its directory says otherwise", async () => {
    const { login, fail } = await loginOf();
    for (const name of ["alice", "ALICE", "\uff41lice"]) await fail(1, name, HOME);
    expect(await login("Alice", "right", HOME)).to.equal("TOO_MANY_REQUESTS");
    const directory = { spellingOf: (name: string) => name };
    const exact = await loginOf({ directory });
    for (const name of ["alice", "ALICE", "\uff41lice"]) await exact.fail(1, name, HOME);
    expect(await exact.login("Alice", "right", HOME)).to.equal("in");
  });

  it("counts where there is no secret but a private key", async () => {
    const settings = { algorithm: "EdDSA", privateKey: PAIRS.ed25519.privatePem, loginLimitPerAddress: 2 } as const;
    const { login, fail, checked } = await loginOf({ secretKey: null, settings });
    await fail(2, "alice", HOME);
    expect(await login("bob", "right", HOME)).to.equal("TOO_MANY_REQUESTS");
    expect(checked).to.deep.equal(["wrong", "wrong"]);
  });

  it("does not count what nobody has looked at", async () => {
    let busy = true;
    const checkPassword = async (_user: AuthUser | null, password: string) => {
      if (busy) throw new ServiceUnavailableError();
      return password === "right";
    };
    const { login, fail } = await loginOf({ directory: { checkPassword } });
    for (let i = 0; i < 10; i++) expect(await login("alice", "wrong", HOME)).to.equal("SERVICE_UNAVAILABLE");
    busy = false;
    await fail(3, "alice", HOME);
    expect(await login("alice", "right", HOME)).to.equal("TOO_MANY_REQUESTS");
  });

  it("looks at no password when attempts cannot be counted", async () => {
    const loginLimiters = () => ({ consume: () => Promise.reject(new ServiceUnavailableError()) }) as never;
    const { login, checked } = await loginOf({ loginLimiters });
    expect(await login("alice", "right", HOME)).to.equal("SERVICE_UNAVAILABLE");
    expect(checked).to.deep.equal([]);
  });

  it("hands the limiters nothing that a name or an address could be read from", async () => {
    const keys: string[] = [];
    const record = async (key: string) => void keys.push(key);
    const loginLimiters = () => ({ consume: record, reward: record, delete: record, set: record }) as never;
    const settings = { loginLimitPerAddress: 9, loginLimitPerName: 9 };
    const { login } = await loginOf({ settings, loginLimiters });
    expect(await login("alice", "right", HOME)).to.equal("in");
    expect(keys.length).to.be.at.least(6);
    for (const key of keys) expect(key).to.match(/^[\w-]{43}$/);
    expect(new Set(keys).size).to.equal(3);
  });
});
