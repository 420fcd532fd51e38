import { expect } from "chai";

import { createSettings } from "../../src/settings/create-settings.js";
import { describeSettings } from "../../src/settings/describe.js";
import { SETTINGS } from "../../src/settings/settings-list.js";
import { SECRET } from "./problems-of.js";
import { PAIRS } from "./sample-keys.js";

describe("describeSettings", () => {
  class Session {
    readonly id = 1;
  }
  const rows = async () =>
    describeSettings(
      await createSettings({
        secretKey: SECRET,
        environment: { JWT_ALGORITHM: "ES256", JWT_PRIVATE_KEY: PAIRS.p256.privatePem, JWT_LEEWAY: "5s" },
        values: {
          audience: ["web", "mobile"],
          secretKeyFallbacks: ["hunter2".repeat(5)],
          refreshTokenModel: Session,
          payloadHandler: () => ({}),
        },
        defaultProfile: "hardened",
      }),
    );

  it("has one row for each setting, in the order of the class", async () => {
    expect((await rows()).map(({ setting, environment }) => [setting, environment])).to.deep.equal(
      SETTINGS.map(({ property, environment }) => [property, environment]),
    );
  });

  for (const [setting, environment, value, text, origin] of [
    ["profile", "JWT_PROFILE", "hardened", "hardened", "default"],
    ["algorithm", "JWT_ALGORITHM", "ES256", "ES256", "environment"],
    ["audience", "JWT_AUDIENCE", ["web", "mobile"], "web, mobile", "code"],
    ["issuer", "JWT_ISSUER", null, "none", "default"],
    ["leeway", "JWT_LEEWAY", 5, "5 s", "environment"],
    ["secretKey", "JWT_SECRET_KEY", "set", "set", "default"],
    ["secretKeyFallbacks", "JWT_SECRET_KEY_FALLBACKS", "set", "set", "code"],
    ["privateKey", "JWT_PRIVATE_KEY", "set", "set", "environment"],
    ["publicKey", "JWT_PUBLIC_KEY", "set", "set", "default"],
    ["verify", "JWT_VERIFY", true, "true", "default"],
    ["refreshTokenNBytes", "JWT_REFRESH_TOKEN_N_BYTES", 32, "32", "profile"],
    ["refreshAbsoluteLifetime", "JWT_REFRESH_ABSOLUTE_LIFETIME", 90 * 86_400, "90 days", "profile"],
    ["encodeHandler", "JWT_ENCODE_HANDLER", null, "jose signer", "default"],
    ["payloadGetUsernameHandler", "JWT_PAYLOAD_GET_USERNAME_HANDLER", null, "reads usernameField", "default"],
    ["payloadHandler", "JWT_PAYLOAD_HANDLER", "payloadHandler", "payloadHandler", "code"],
    ["refreshTokenModel", "JWT_REFRESH_TOKEN_MODEL", "Session", "Session", "code"],
    [
      "unauthorizedResponseHandler",
      "JWT_UNAUTHORIZED_RESPONSE_HANDLER",
      "jsonResponseHandler",
      "jsonResponseHandler",
      "default",
    ],
  ] as const) {
    it(`shows ${setting}`, async () => {
      const row = (await rows()).find((one) => one.setting === setting);
      expect(row).to.deep.equal({ setting, environment, value, text, origin });
    });
  }

  it("shows keys that are not set, and a function without a name", async () => {
    const values = { secretKey: SECRET, refreshExpiredHandler: [() => true][0] };
    const described = new Map(
      describeSettings(await createSettings({ values })).map(({ setting, value, text }) => [setting, [value, text]]),
    );
    expect(described.get("publicKey")).to.deep.equal([null, "not set"]);
    expect(described.get("secretKeyFallbacks")).to.deep.equal([null, "not set"]);
    expect(described.get("refreshExpiredHandler")?.[1]).to.equal("a function without a name");
  });

  it("shows text that would end the line, or command the terminal, as JSON", async () => {
    const values = { issuer: "janus\n", audience: ["web", "\u001b[2J"] };
    const described = describeSettings(await createSettings({ secretKey: SECRET, values }));
    const texts = new Map(described.map(({ setting, text }) => [setting, text]));
    expect(texts.get("issuer")).to.equal('"janus\\n"');
    expect(texts.get("audience")).to.equal('["web","\\u001b[2J"]');
  });

  it("shows no secret", async () => {
    const text = JSON.stringify(await rows());
    for (const secret of [SECRET, "hunter2", "PRIVATE KEY"]) expect(text).not.to.include(secret);
  });
});
