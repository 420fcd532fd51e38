import { expect } from "chai";

import { settingsTable } from "../../src/settings/readme-table.js";
import { SETTINGS } from "../../src/settings/settings-list.js";

describe("settingsTable", () => {
  const lines = settingsTable().split("\n");
  const row = (property: string) => lines.find((line) => line.startsWith(`| \`${property}\` |`));

  it("has a head and one line for each setting, in the order of the class", () => {
    expect(lines.slice(0, 2)).to.deep.equal([
      "| Property | Environment | Documented default | Hardened | Meaning |",
      "| --- | --- | --- | --- | --- |",
    ]);
    expect(lines.slice(2).map((line) => line.split("`")[1])).to.deep.equal(SETTINGS.map(({ property }) => property));
  });

  it("has five cells in every line", () => {
    for (const line of lines) expect(line.split("|"), line).to.have.length(7);
  });

  for (const [property, expected] of [
    [
      "verify",
      "| `verify` | `JWT_VERIFY` | `true` | same | Signature verification. Off is refused when `NODE_ENV` is `production`. |",
    ],
    ["issuer", "| `issuer` | `JWT_ISSUER` | none | same | `iss` written, and required when verifying. |"],
    [
      "expirationDelta",
      "| `expirationDelta` | `JWT_EXPIRATION_DELTA` | `300 s` | same | Lifetime of an access token. |",
    ],
    [
      "refreshTokenNBytes",
      "| `refreshTokenNBytes` | `JWT_REFRESH_TOKEN_N_BYTES` | `20` | `32` | Random bytes in a refresh token: 16 to 1024. |",
    ],
    [
      "encodeHandler",
      "| `encodeHandler` | `JWT_ENCODE_HANDLER` | jose signer | same | `(payload, context) => token`. |",
    ],
    [
      "authHeaderPrefix",
      "| `authHeaderPrefix` | `JWT_AUTH_HEADER_PREFIX` | `JWT` | same | Word before the token, compared without case. One or a list (`JWT,Bearer`). |",
    ],
  ] as const) {
    it(`describes ${property}`, () => {
      expect(row(property)).to.equal(expected);
    });
  }

  for (const [property, documented, hardened] of [
    ["profile", "`documented`", "`hardened`"],
    ["secretKey", "the application's `SECRET_KEY`", "same"],
    ["secretKeyFallbacks", "none", "same"],
    ["verifyExpiration", "`false`", "`true`"],
    ["refreshAbsoluteLifetime", "none", "`90 days`"],
    ["refreshExpirationDelta", "`7 days`", "same"],
    ["refreshGracePeriod", "`0 s`", "`10 s`"],
    ["refreshTokenModel", "`RefreshToken`", "same"],
  ] as const) {
    it(`tells the defaults of ${property}`, () => {
      expect(row(property)?.split(" | ").slice(2, 4)).to.deep.equal([documented, hardened]);
    });
  }
});
