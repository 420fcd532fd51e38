import { expect } from "chai";
import { expiredSessions } from "../../src/auth/expired-sessions.js";
import { createSettings } from "../../src/settings/create-settings.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";

describe("expiredSessions", () => {
  const now = new Date("2024-01-31T00:00:00.900Z");
  const day = (date: number) => new Date(Date.UTC(2024, 0, date));
  const cases: [string, JwtSettingsInput, ReturnType<typeof expiredSessions>][] = [
    ["by creation", { refreshExpirationDelta: "10 days" }, { createdBefore: day(21) }],
    ["by rotation", { refreshExpirationDelta: "10 days", reuseRefreshTokens: true }, { lastRotatedBefore: day(21) }],
    [
      "by both limits",
      { refreshExpirationDelta: "10 days", reuseRefreshTokens: true, refreshAbsoluteLifetime: "20 days" },
      { lastRotatedBefore: day(21), createdBefore: day(11) },
    ],
    [
      "by the shorter one where both count from the creation",
      { refreshExpirationDelta: "10 days", refreshAbsoluteLifetime: "20 days" },
      { createdBefore: day(21) },
    ],
    [
      "by the absolute lifetime alone where a handler decides",
      { refreshExpiredHandler: () => false, refreshAbsoluteLifetime: "20 days" },
      { createdBefore: day(11) },
    ],
    ["by nothing where a handler decides alone", { refreshExpiredHandler: () => false, reuseRefreshTokens: true }, {}],
  ];
  for (const [what, values, expected] of cases) {
    it(`tells ${what}`, async () => {
      const { settings } = await createSettings({ values, secretKey: "k".repeat(64) });
      expect(expiredSessions(settings, now)).to.deep.equal(expected);
    });
  }
});
