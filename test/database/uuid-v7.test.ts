import { expect } from "chai";
import { uuidV7 } from "../../src/database/uuid-v7.js";

describe("uuidV7", () => {
  it("writes the example of RFC 9562, appendix A.6", () => {
    const random = Buffer.from("0cc318c4dc0c0c07398f", "hex");
    expect(uuidV7(new Date("2022-02-22T14:22:22.000-05:00"), random)).to.equal("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  it("keeps version and variant whatever the random bytes are", () => {
    const time = new Date(0);
    expect(uuidV7(time, Buffer.alloc(10, 0x00))).to.equal("00000000-0000-7000-8000-000000000000");
    expect(uuidV7(time, Buffer.alloc(10, 0xff))).to.equal("00000000-0000-7fff-bfff-ffffffffffff");
  });

  it("sorts by time, and differs at the same time", () => {
    const now = new Date("2026-01-01T00:00:00.000Z");
    const later = new Date("2026-01-01T00:00:00.001Z");
    expect(uuidV7(now) < uuidV7(later)).to.equal(true);
    expect(uuidV7(now)).to.not.equal(uuidV7(now));
  });

  it("refuses a time that does not fit, and another number of random bytes", () => {
    const message = "The time of a UUID must lie between 1970 and 10889";
    expect(() => uuidV7(new Date(-1))).to.throw(RangeError, message);
    expect(() => uuidV7(new Date(2 ** 48))).to.throw(RangeError, message);
    expect(() => uuidV7(new Date(Number.NaN))).to.throw(RangeError, message);
    expect(() => uuidV7(new Date(0), Buffer.alloc(9))).to.throw(RangeError, "A UUID takes 10 random bytes");
  });
});
