import { expect } from "chai";
import type { JwtSettingsInput } from "../../src/index.js";
import { originCheck } from "../../src/server/origins.js";
import { REFRESH_PATHS } from "../../src/server/paths.js";
import { readServerConfig } from "../../src/server/server-config.js";
import { readServerSettings } from "../../src/server/server-settings.js";
import { SettingsError } from "../../src/settings/settings-error.js";
import { rejection } from "../support/rejection.js";

const ORIGINS = "must be * alone, or origins such as https://app.example.com, without a path or a slash at the end";
const PROXIES = "must be addresses of proxies: 10.0.0.7, 10.0.0.0/8, loopback, linklocal, uniquelocal";
const SECRET_KEY = "k".repeat(64);

describe("the server's variables", () => {
  function problemsOf(environment: Record<string, string>): Record<string, string> {
    try {
      readServerConfig(environment);
    } catch (error) {
      const { problems } = error as SettingsError;
      return Object.fromEntries(problems.map(({ setting, problem }) => [setting, problem]));
    }
    throw new Error("they were accepted");
  }

  it("have defaults that let nobody in: this machine, no proxy, no foreign page", () => {
    for (const environment of [{}, { CORS_ORIGINS: "", TRUST_PROXY: "", MAX_CONNECTIONS: "", JANUS_PAGE: "" }]) {
      expect(readServerConfig(environment)).to.deep.equal({
        host: "127.0.0.1",
        port: 4000,
        dataDirectory: ".janus",
        databaseUrl: undefined,
        redisUrl: undefined,
        secretKey: undefined,
        logLevel: "info",
        page: true,
        corsOrigins: [],
        trustedProxies: [],
        maxConnections: 10_000,
      });
    }
  });

  it("are told of all at once where they are wrong", () => {
    const wrong = {
      PORT: "x",
      LOG_LEVEL: "x",
      JANUS_PAGE: "yes",
      CORS_ORIGINS: "x",
      TRUST_PROXY: "x",
      MAX_CONNECTIONS: "x",
    };
    expect(problemsOf(wrong)).to.deep.equal({
      PORT: "must be a port number from 0 to 65535",
      LOG_LEVEL: "must be one of fatal, error, warn, info, debug, trace, silent",
      JANUS_PAGE: "must be true or false",
      CORS_ORIGINS: `${ORIGINS}: number 1 is none`,
      TRUST_PROXY: PROXIES,
      MAX_CONNECTIONS: "must be a number from 1 to 1000000",
    });
  });

  for (const text of [" ", "0x10", "1e3", "4000.0", "+1", "-1", "65536"]) {
    it(`refuse a port that is no whole number: ${JSON.stringify(text)}`, () => {
      expect(problemsOf({ PORT: text })).to.deep.equal({ PORT: "must be a port number from 0 to 65535" });
    });
  }

  it("switch the page off in production, unless they switch it on", () => {
    const pageOf = (environment: Record<string, string>) => readServerConfig(environment).page;
    expect(pageOf({ NODE_ENV: "development" })).to.equal(true);
    expect(pageOf({ NODE_ENV: "production" })).to.equal(false);
    expect(pageOf({ NODE_ENV: "production", JANUS_PAGE: "true" })).to.equal(true);
    expect(pageOf({ JANUS_PAGE: "false" })).to.equal(false);
  });

  for (const origins of [
    "https://a.example",
    "http://localhost:5173",
    "https://a.example:8443",
    "http://[::1]:3000",
    "https://xn--bcher-kva.example",
    "capacitor://localhost",
    "*",
  ]) {
    it(`take the origin ${origins}`, () => {
      expect(readServerConfig({ CORS_ORIGINS: ` ${origins} ` }).corsOrigins).to.deep.equal([origins]);
    });
  }

  const wrongOrigins: Readonly<Record<string, string>> = {
    "https://a.example/": "write number 1 as https://a.example",
    "https://a.example/path": "write number 1 as https://a.example",
    "https://a.example?x": "write number 1 as https://a.example",
    "https://A.example": "write number 1 as https://a.example",
    "https://a.example:443": "write number 1 as https://a.example",
    "https://bücher.example": "write number 1 as https://xn--bcher-kva.example",
    "https://me:s3cret@a.example": "write number 1 as https://a.example",
    "https://b.example,https://a.example/": "write number 2 as https://a.example",
    "https://*.a.example": "number 1 is none",
    null: "number 1 is none",
    "a.example": "number 1 is none",
    "https://b.example,": "number 2 is none",
    "https://b.example,*": "number 2 is none",
    "https://b.example https://a.example": "number 1 is none",
    "file:///index.html": "number 1 is none",
    "javascript:alert(1)": "number 1 is none",
  };
  for (const [origins, problem] of Object.entries(wrongOrigins)) {
    it(`refuse the origins ${origins}`, () => {
      expect(problemsOf({ CORS_ORIGINS: origins })).to.deep.equal({ CORS_ORIGINS: `${ORIGINS}: ${problem}` });
    });
  }

  it("take addresses of proxies, ranges and their names", () => {
    const text = "10.0.0.7, 192.168.0.0/16,::1, fd00::/8, loopback,linklocal,uniquelocal";
    expect(readServerConfig({ TRUST_PROXY: text }).trustedProxies).to.deep.equal(text.split(/, ?/));
  });

  // A number of hops says nothing of who the nearest one is, and `true` or /0 that everybody is a proxy.
  for (const proxies of ["true", "1", "*", "0.0.0.0/0", "::/0", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/8/8"]) {
    it(`refuse the proxies ${proxies}`, () => {
      expect(problemsOf({ TRUST_PROXY: proxies })).to.deep.equal({ TRUST_PROXY: PROXIES });
    });
  }

  it("refuse every origin together with cookies, and not without", async () => {
    const read = (environment: Record<string, string>) => readServerSettings({ environment, secretKey: SECRET_KEY });
    const error = await rejection(read({ CORS_ORIGINS: "*", JWT_COOKIES: "true" }));
    expect(error).to.be.instanceOf(SettingsError);
    expect(error).to.have.deep.property("problems", [
      { setting: "JWT_COOKIES", problem: "must be false where CORS_ORIGINS is *: name the origins that there are" },
    ]);
    await read({ CORS_ORIGINS: "*" });
    await read({ CORS_ORIGINS: "https://a.example", JWT_COOKIES: "true" });
  });
});

describe("the bundled server's paths of the refresh token's cookie", () => {
  const pathsOf = async (environment: Record<string, string>, values: JwtSettingsInput = {}) =>
    (await readServerSettings({ environment, values, secretKey: SECRET_KEY })).settings.refreshTokenCookiePath;

  it("are where it answers refreshes, in hardened alone", async () => {
    expect(await pathsOf({})).to.deep.equal(REFRESH_PATHS);
    const { origins } = await readServerSettings({ environment: {}, secretKey: SECRET_KEY });
    expect(origins.refreshTokenCookiePath).to.equal("profile");
    expect(await pathsOf({ JWT_PROFILE: "documented" })).to.deep.equal([]);
    expect(await pathsOf({}, { profile: "documented" })).to.deep.equal([]);
  });

  it("give way to what somebody has said", async () => {
    expect(await pathsOf({ JWT_COOKIE_PATH: "/api" })).to.deep.equal([]);
    expect(await pathsOf({}, { cookiePath: "/api" })).to.deep.equal([]);
    expect(await pathsOf({ JWT_REFRESH_TOKEN_COOKIE_PATH: "/" })).to.deep.equal(["/"]);
    expect(await pathsOf({}, { refreshTokenCookiePath: "/x" })).to.deep.equal(["/x"]);
  });
});

describe("originCheck", () => {
  it("compares whole origins", () => {
    const isAllowed = originCheck(["https://a.example"]);
    expect(
      ["https://a.example", "https://a.example.evil", "http://a.example", "null", undefined].map(isAllowed),
    ).to.deep.equal([true, false, false, false, false]);
  });

  it("lets everybody in with *, and nobody without origins", () => {
    expect([originCheck(["*"])("https://x.example"), originCheck([])("https://x.example")]).to.deep.equal([
      true,
      false,
    ]);
  });
});
