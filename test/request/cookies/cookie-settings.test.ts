import { expect } from "chai";
import type { JwtSettingsInput } from "../../../src/index.js";
import { CookieJar } from "../../../src/request/cookies/cookie-jar.js";
import { createSettings } from "../../../src/settings/create-settings.js";
import { SettingsError } from "../../../src/settings/settings-error.js";
import { SECRET_KEY } from "../../support/forge.js";
import { TestClock } from "../../support/test-clock.js";

async function settingsOf(values: JwtSettingsInput) {
  return (await createSettings({ secretKey: SECRET_KEY, values: { cookies: true, ...values } })).settings;
}

/** What is wrong with the settings; nothing if cookies can be written with them. */
async function problemsOf(values: JwtSettingsInput): Promise<readonly unknown[]> {
  try {
    const jar = new CookieJar(await settingsOf(values), new TestClock(), { headers: {} });
    jar.issue({ token: "t", refreshToken: "r", refreshExpiresIn: 2 ** 31 });
    jar.deleteToken();
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const PATHS: Readonly<Record<string, boolean>> = {
  "/": true,
  "/api/v1": true,
  "/a b=c,d": true,
  "": false,
  api: false,
  "/a;b": false,
  "/a<b": false,
  "/\u0000": false,
  "/\n": false,
  "/ü": false,
};

const DOMAINS: Readonly<Record<string, boolean>> = {
  "example.org": true,
  ".example.org": true,
  "xn--bcher-kva.example": true,
  localhost: true,
  "": false,
  ".": false,
  "a..b": false,
  "-a.org": false,
  "a-.org": false,
  "example.org.": false,
  "bücher.example": false,
  "a.org; HttpOnly": false,
  [`${"a".repeat(64)}.org`]: false,
};

describe("a cookie setting is taken if and only if cookies can be written with it", () => {
  for (const [cookiePath, isTaken] of Object.entries(PATHS)) {
    it(`cookiePath ${JSON.stringify(cookiePath)} is ${isTaken ? "taken" : "refused"}`, async () => {
      expect(await problemsOf({ cookiePath })).to.have.length(isTaken ? 0 : 1);
      expect(await problemsOf({ refreshTokenCookiePath: ["/", cookiePath] })).to.have.length(isTaken ? 0 : 1);
    });
  }

  for (const [cookieDomain, isTaken] of Object.entries(DOMAINS)) {
    it(`cookieDomain ${JSON.stringify(cookieDomain)} is ${isTaken ? "taken" : "refused"}`, async () => {
      expect(await problemsOf({ cookieDomain })).to.have.length(isTaken ? 0 : 1);
    });
  }
});

describe("names of cookies", () => {
  it("must be two different ones", async () => {
    expect(await problemsOf({ cookieName: "token", refreshTokenCookieName: "token" })).to.deep.equal([
      { setting: "refreshTokenCookieName", problem: "must not be the same as cookieName" },
    ]);
    expect(await problemsOf({ cookieName: "JWT-refresh-token" })).to.have.length(1);
    expect(await problemsOf({ cookieName: "token", refreshTokenCookieName: "Token" })).to.deep.equal([]);
  });

  for (const setting of ["cookieName", "refreshTokenCookieName"]) {
    it(`cannot be that of the CSRF cookie: ${setting}`, async () => {
      expect(await problemsOf({ [setting]: "csrftoken" })).to.deep.equal([
        {
          setting,
          problem:
            "must be a cookie name other than csrftoken: letters, digits, hyphens and underscores, but is a string of 9 characters",
        },
      ]);
    });
  }
});

describe("the name of the argument", () => {
  it("cannot begin with two underscores, which GraphQL keeps for itself", async () => {
    expect(await problemsOf({ allowArgument: true, argumentName: "__token" })).to.have.length(1);
    expect(await problemsOf({ allowArgument: true, argumentName: "_token" })).to.deep.equal([]);
  });
});
