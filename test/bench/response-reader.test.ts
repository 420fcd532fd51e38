import { expect } from "chai";
import { ResponseReader } from "../../bench/load/response-reader.js";

const WITH_LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED = "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";
const EMPTY = "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n";

const CASES = [
  { what: "a length", text: WITH_LENGTH, status: 200, body: "hello" },
  { what: "chunks", text: CHUNKED, status: 401, body: "hello" },
  { what: "no body", text: EMPTY, status: 204, body: "" },
];

describe("the answers that the load generator reads", () => {
  for (const { what, text, status, body } of CASES) {
    it(`are whole with ${what}, however they are cut`, () => {
      for (let cut = 1; cut < text.length; cut += 1) {
        const reader = new ResponseReader();
        expect(reader.read(Buffer.from(text.slice(0, cut))), `cut at ${cut}`).to.equal(null);
        expect(reader.read(Buffer.from(text.slice(cut)))).to.deep.include({ status, body });
      }
    });
  }

  it("come one after the other", () => {
    const reader = new ResponseReader();
    for (const { text, status, body } of [...CASES, ...CASES]) {
      expect(reader.read(Buffer.from(text))).to.deep.include({ status, body });
    }
  });
});
