import { Readable } from "node:stream";
import { expect } from "chai";
import { BodyTooLargeError, MAX_BODY_BYTES, readBody } from "../../src/graphql/read-body.js";
import { rejection } from "../support/rejection.js";

describe("readBody", () => {
  it("leaves what is no stream as it is", async () => {
    const parsed = { query: "{ me { id } }" };
    expect(await readBody(parsed)).to.equal(parsed);
    expect(await readBody("text")).to.equal("text");
    expect(await readBody(null)).to.equal(null);
  });

  it("puts chunks together, also within a character", async () => {
    const bytes = Buffer.from('{"query":"żółć"}');
    const halves = [bytes.subarray(0, 11), bytes.subarray(11)];
    expect(await readBody(Readable.from(halves))).to.equal('{"query":"żółć"}');
    expect(await readBody(new Response(bytes).body)).to.equal('{"query":"żółć"}');
    expect(await readBody(Readable.from(['{"query":', '"żółć"}']))).to.equal('{"query":"żółć"}');
  });

  it("reads as much as is allowed", async () => {
    expect(await readBody(Readable.from([Buffer.alloc(MAX_BODY_BYTES, "a")]))).to.have.length(MAX_BODY_BYTES);
    expect(await readBody(new Response("x".repeat(MAX_BODY_BYTES)).body)).to.have.length(MAX_BODY_BYTES);
  });

  it("stops at more, and leaves the stream to whoever answers", async () => {
    const stream = Readable.from([Buffer.alloc(MAX_BODY_BYTES), Buffer.alloc(1), Buffer.alloc(1)]);
    expect(await rejection(readBody(stream))).to.be.instanceOf(BodyTooLargeError);
    expect(stream.destroyed).to.equal(false);
  });

  it("stops at more of a stream that is none of Node's, as the body of a fetch Request is", async () => {
    const { body } = new Response("x".repeat(MAX_BODY_BYTES + 1));
    expect(await rejection(readBody(body))).to.be.instanceOf(BodyTooLargeError);
  });

  it("waits for no stream that is over already", async () => {
    const read = Readable.from([Buffer.from("text")]);
    expect(await readBody(read)).to.equal("text");
    expect(await readBody(read).catch(() => "")).to.equal("");
    const gone = Readable.from(["text"]).destroy();
    expect(await rejection(readBody(gone))).to.be.instanceOf(Error);
  });

  it("fails where the stream goes without an end", async () => {
    const stream = new Readable({ read: () => stream.destroy() });
    expect(await rejection(readBody(stream))).to.be.instanceOf(Error);
  });

  it("fails as the stream fails", async () => {
    const aborted = new Error("aborted");
    const stream = new Readable({ read: () => stream.destroy(aborted) });
    expect(await rejection(readBody(stream))).to.equal(aborted);
  });
});
