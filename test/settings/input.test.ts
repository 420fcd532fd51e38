import { expect } from "chai";

import type { HandlerContext, JwtPayload } from "../../src/settings/handlers.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";

// What compiles here, and what does not, is the test.
describe("JwtSettingsInput", () => {
  const accept = (input: JwtSettingsInput) => expect(input).to.be.an("object");

  it("accepts every spelling that code may use", () => {
    accept({});
    accept({ profile: "hardened", algorithm: "EdDSA", issuer: undefined, audience: "web" });
    accept({ audience: ["web", "mobile"] as const, authHeaderPrefix: "Bearer" });
    accept({ leeway: 5, expirationDelta: "5m", refreshAbsoluteLifetime: null, refreshTokenNBytes: 32 });
    accept({ secretKey: "text", secretKeyFallbacks: ["text", { kty: "oct", k: "AA" }], publicKey: { kty: "EC" } });
    accept({ verify: true, unauthorizedResponseHandler: "httpResponseHandler" });
    accept({ unauthorizedResponseHandler: () => ({ status: 401, headers: {}, body: "" }) });
    accept({ payloadHandler: async (user, { now }) => ({ username: user.username, exp: now.getTime() / 1000 }) });
    accept({
      encodeHandler: (payload: JwtPayload, { settings }: HandlerContext) => `${payload.iss}${settings.issuer}`,
    });
    accept({ refreshTokenModel: Map });
  });

  it("refuses what cannot be a setting", () => {
    // @ts-expect-error A misspelled setting.
    accept({ verfy: true });
    // @ts-expect-error An algorithm that does not exist.
    accept({ algorithm: "none" });
    // @ts-expect-error A text is not true or false.
    accept({ verify: "true" });
    // @ts-expect-error A setting that always has a value.
    accept({ leeway: null });
    // @ts-expect-error A built-in handler that does not exist.
    accept({ unauthorizedResponseHandler: "htmlResponseHandler" });
    // @ts-expect-error A handler that answers something else.
    accept({ refreshExpiredHandler: () => "no" });
  });
});
