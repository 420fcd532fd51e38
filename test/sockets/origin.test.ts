import { expect } from "chai";
import { isAllowedOrigin } from "../../src/sockets/origin.js";

describe("isAllowedOrigin", () => {
  const isAllowed = (origin: string | undefined, host: string | undefined) =>
    isAllowedOrigin({ headers: { origin, host } }, (listed) => listed === "https://app.example.com");

  for (const [origin, host, expected] of [
    [undefined, "janus.example.com", true],
    ["https://janus.example.com", "janus.example.com", true],
    ["https://janus.example.com", "janus.example.com:443", true],
    ["http://janus.example.com:4000", "janus.example.com:4000", true],
    ["https://JANUS.example.com", "janus.example.com", true],
    ["http://[::1]:4000", "[::1]:4000", true],
    ["https://app.example.com", "janus.example.com", true],
    ["https://app.example.com.evil.example", "janus.example.com", false],
    ["https://janus.example.com.evil.example", "janus.example.com", false],
    ["https://evil.example", "janus.example.com", false],
    ["https://janus.example.com:8443", "janus.example.com", false],
    ["http://janus.example.com", "janus.example.com:443", false],
    ["null", "janus.example.com", false],
    ["null", "null", false],
    ["file://", "janus.example.com", false],
    ["", "janus.example.com", false],
    ["https://janus.example.com", undefined, false],
    ["https://janus.example.com", "", false],
    ["https://janus.example.com", "@janus.example.com", true],
  ] as const) {
    it(`${expected ? "allows" : "refuses"} ${JSON.stringify(origin)} at ${JSON.stringify(host)}`, () => {
      expect(isAllowed(origin, host)).to.equal(expected);
    });
  }
});
