import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { expect } from "chai";
import Fastify, { type FastifyInstance } from "fastify";
import { listen, ListenError } from "../../src/server/listen.js";
import { rejection } from "../support/rejection.js";

describe("listen", () => {
  let http: FastifyInstance;
  beforeEach(() => {
    http = Fastify();
    http.get("/", async () => "here");
  });
  afterEach(() => http.close());

  const reachable: [string, RegExp][] = [
    ["127.0.0.1", /^http:\/\/127\.0\.0\.1:\d+$/],
    ["localhost", /^http:\/\/localhost:\d+$/],
    ["0.0.0.0", /^http:\/\/127\.0\.0\.1:\d+$/],
  ];
  for (const [host, url] of reachable) {
    it(`answers the URL at which ${host} is reached`, async () => {
      const answered = await listen(http, { host, port: 0 });
      expect(answered).to.match(url);
      expect(await (await fetch(answered)).text()).to.equal("here");
    });
  }

  it("writes an IPv6 address in brackets", async function () {
    const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
      addresses?.some(({ address }) => address === "::1"),
    );
    if (!hasIpv6) this.skip();
    const url = await listen(http, { host: "::1", port: 0 });
    expect(url).to.match(/^http:\/\/\[::1\]:\d+$/);
    expect(await (await fetch(url)).text()).to.equal("here");
  });

  it("has one server for localhost, so that closing waits for all of its requests", async () => {
    await listen(http, { host: "localhost", port: 0 });
    expect(http.addresses()).to.have.lengthOf(1);
  });

  describe("says what to do", () => {
    let other: Server;
    beforeEach(async () => {
      other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
    });
    afterEach(() => void other.close());

    async function refusal(host: string, port: number): Promise<string> {
      const error = await rejection(listen(http, { host, port }));
      if (!(error instanceof ListenError)) throw error;
      return error.message;
    }

    it("about a port that is in use", async () => {
      const { port } = other.address() as AddressInfo;
      expect(await refusal("127.0.0.1", port)).to.equal(
        `port ${port} on 127.0.0.1 is in use: stop the program that listens there, or set PORT to another one`,
      );
    });

    it("about an address of another machine", async () => {
      // Of a network for documentation (RFC 5737), which no machine has.
      expect(await refusal("192.0.2.1", 0)).to.equal(
        "192.0.2.1 is no address of this machine: set HOST to one that is, or to 0.0.0.0 for all of them",
      );
    });

    it("about a name without an address", async () => {
      // Not even the resolver asks for it, so the test needs no network.
      expect(await refusal("no..where", 0)).to.equal(
        "the name no..where has no address: set HOST to an address of this machine, one of IPv6 without brackets",
      );
    });
  });
});
