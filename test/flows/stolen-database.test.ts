import { createSecretKey } from "node:crypto";
import { expect } from "chai";
import { RefreshTokenCodec } from "../../src/tokens/refresh-token-codec.js";
import { onEachDatabase } from "../support/databases.js";
import { dumpOf } from "../support/dump.js";
import { forge, SECRET_KEY } from "../support/forge.js";
import { type Login, NOW, testContext } from "../support/test-context.js";

const AT_JWT = { alg: "HS256", typ: "at+jwt" };
/** What else somebody may try for a key. */
const GUESSES = ["", "\0", "secret", "janus", "janus refresh-token mac v1"];

onEachDatabase("a stolen database", (createDatabase) => {
  const context = testContext({}, createDatabase);
  let alice: Login;
  let dump: Buffer[];

  beforeEach(async () => {
    alice = await context.login();
    // Two generations, and a session that is over, are in the dump as well.
    const { refreshToken } = await context.loginAgain(alice.username);
    await context.trpc.refreshToken({ refreshToken });
    await context.trpc.revokeToken({ refreshToken: (await context.loginAgain(alice.username)).refreshToken });
    context.forget();
    dump = await dumpOf(context.server.application.dataSource);
  });

  /** The values as they are, and read as the hexadecimal numbers or base64 that some of them may be. */
  function readings(): Buffer[] {
    const read = dump.flatMap((bytes) => {
      const text = bytes.toString();
      return [bytes, Buffer.from(text.replaceAll("-", ""), "hex"), Buffer.from(text, "base64")];
    });
    return unique(read.filter(({ length }) => length > 0));
  }

  /** Sends tokens past HTTP, which would only take longer. Answers those that were not refused. */
  async function accepted(refreshTokens: readonly string[]): Promise<string[]> {
    const { service } = context.server.application.auth;
    const good: string[] = [];
    for (const refreshToken of refreshTokens) {
      await service.refreshToken({ refreshToken }).then(
        () => good.push(refreshToken),
        (error: unknown) => expect(error).to.include({ code: "INVALID_REFRESH_TOKEN" }),
      );
    }
    return good;
  }

  /** Every refresh token that these values give, each taken for the key and for the random part. */
  function refreshTokensOf(keys: readonly Buffer[], randoms: readonly Buffer[]): string[] {
    return keys.flatMap((key) => {
      const codec = new RefreshTokenCodec(createSecretKey(key), []);
      const fitting = randoms.filter(({ length }) => length >= 16 && length <= 1024);
      return fitting.flatMap((random) => [0, 1, 2].map((generation) => codec.issue(random, generation)));
    });
  }

  it("holds no refresh token and nothing of its random part, in any spelling", () => {
    const codec = new RefreshTokenCodec(createSecretKey(Buffer.from(SECRET_KEY)), []);
    const random = codec.parse(alice.refreshToken)?.random ?? Buffer.alloc(0);
    expect(random).to.have.length(32);
    const all = Buffer.concat(dump);
    const eightBytes = Array.from({ length: 25 }, (_, start) => random.subarray(start, start + 8));
    for (const part of eightBytes) {
      expect(all.includes(part)).to.equal(false);
      expect(all.toString("latin1").toLowerCase()).to.not.include(part.toString("hex"));
    }
    for (const start of [0, 20, 40, 60]) {
      expect(all.toString("latin1")).to.not.include(alice.refreshToken.slice(start, start + 12));
      expect(all.toString("latin1")).to.not.include(alice.token.slice(-12));
    }
  });

  it("gives no refresh token that is accepted, whatever is taken for the key and for the random part", async () => {
    const values = readings();
    const keys = [...values, ...GUESSES.map((text) => Buffer.from(text || "\0"))];
    const written = values.map((value) => value.toString("base64url"));
    const tokens = [...refreshTokensOf(keys, values), ...written, ...values.map((value) => value.toString())];
    expect(tokens.length).to.be.greaterThan(5_000);
    expect(await accepted(tokens)).to.deep.equal([]);
    expect(context.events).to.deep.equal([]);
    expect(await accepted([alice.refreshToken])).to.have.length(1);
  });

  it("gives no access token that is accepted", async () => {
    const payload = { username: alice.username, sid: alice.sid, exp: NOW + 60 };
    const keys = [...readings(), ...GUESSES.map((text) => Buffer.from(text))];
    const tokens = keys.flatMap((key) => [forge(payload, { header: AT_JWT, secret: key })]);
    const { service } = context.server.application.auth;
    for (const token of tokens) {
      await service.identify(token).then(
        () => expect.fail("accepted"),
        (error: unknown) => expect(error).to.include({ code: "INVALID_TOKEN" }),
      );
    }
    const genuine = forge(payload, { header: AT_JWT });
    expect((await service.identify(genuine)).user?.username).to.equal(alice.username); // The key is all that was missing.
  });

  it("gives no refresh token even together with SECRET_KEY", async () => {
    const key = Buffer.from(SECRET_KEY);
    expect(await accepted(refreshTokensOf([key], readings()))).to.deep.equal([]);
    const codec = new RefreshTokenCodec(createSecretKey(key), []);
    const random = codec.parse(alice.refreshToken)?.random ?? Buffer.alloc(0);
    // The random part is all that was missing; each generation is the current one in its turn.
    expect(await accepted(refreshTokensOf([key], [random]))).to.have.length(3);
  });
});

function unique(values: readonly Buffer[]): Buffer[] {
  return [...new Map(values.map((value) => [value.toString("hex"), value])).values()];
}
