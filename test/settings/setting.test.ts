import { expect } from "chai";

import { environmentName, holdsKeys, registeredSettings, Setting } from "../../src/settings/setting.js";

describe("@Setting", () => {
  for (const [property, expected] of [
    ["verify", "JWT_VERIFY"],
    ["verifyExpiration", "JWT_VERIFY_EXPIRATION"],
    ["refreshTokenNBytes", "JWT_REFRESH_TOKEN_N_BYTES"],
    ["payloadGetUsernameHandler", "JWT_PAYLOAD_GET_USERNAME_HANDLER"],
  ] as const) {
    it(`derives ${expected} from ${property}`, () => {
      expect(environmentName(property)).to.equal(expected);
    });
  }

  it("registers properties in their order, for each class by itself", () => {
    class First {
      @Setting("boolean", "On or off.")
      readonly secondWord: boolean = true;

      @Setting("text", "A name.", "a built-in name")
      readonly aName: string | undefined = undefined;
    }
    class Second {
      @Setting("seconds", "How long.")
      readonly delta: number = 1;
    }
    expect(registeredSettings(First.prototype)).to.deep.equal([
      {
        property: "secondWord",
        environment: "JWT_SECOND_WORD",
        kind: "boolean",
        meaning: "On or off.",
        unset: "none",
      },
      { property: "aName", environment: "JWT_A_NAME", kind: "text", meaning: "A name.", unset: "a built-in name" },
    ]);
    expect(registeredSettings(Second.prototype).map(({ property }) => property)).to.deep.equal(["delta"]);
    expect(registeredSettings({})).to.deep.equal([]);
  });

  it("refuses a kind that is not the property's", () => {
    class Wrong {
      // @ts-expect-error A boolean is no duration.
      @Setting("seconds", "How long.")
      readonly delta: boolean = true;
    }
    expect(new Wrong().delta).to.equal(true);
  });

  it("knows which kinds hold keys", () => {
    const kinds = ["secretKey", "secretKeys", "publicKey", "privateKey", "text", "handler", "boolean"] as const;
    expect(kinds.filter(holdsKeys)).to.deep.equal(["secretKey", "secretKeys", "publicKey", "privateKey"]);
  });
});
