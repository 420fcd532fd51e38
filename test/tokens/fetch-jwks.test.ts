import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { expect } from "chai";
import { MAX_JWK_SET_LENGTH } from "../../src/settings/jwk-set.js";
import { fetchJwks } from "../../src/tokens/fetch-jwks.js";
import { collectingGarbage } from "../support/collect-garbage.js";
import { withListener } from "../support/listen.js";
import { rejection } from "../support/rejection.js";

const JWKS = '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}';

describe("fetchJwks", () => {
  it("reads as much as a JWK Set may have", async () => {
    const text = JWKS.padEnd(MAX_JWK_SET_LENGTH);
    await withListener(
      (_request, response) => response.end(text),
      async (url) => expect(await fetchJwks(url)).to.equal(text),
    );
  });

  it("asks no other server that it is sent to, whatever that has", async () => {
    let asked = 0;
    const other = (url: string) =>
      withListener(
        (_request, response) => response.writeHead(302, { location: url }).end(),
        async (redirecting) => expect(await rejection(fetchJwks(redirecting))).to.be.instanceOf(TypeError),
      );
    await withListener((_request, response) => {
      asked += 1;
      response.end(JWKS);
    }, other);
    expect(asked).to.equal(0);
  });

  describe("cuts off an answer", () => {
    let answer: ServerResponse | undefined;
    /** It is over on the server's side too. */
    const untilCut = async (): Promise<void> => {
      if (answer?.closed === false) await once(answer, "close");
      expect(answer?.writableFinished).to.equal(false);
    };

    it("that does not end", async () => {
      const begin = (response: ServerResponse): void => {
        const more = (): void => void (response.write(" ".repeat(16_384)) && setImmediate(more));
        response.on("drain", more);
        more();
      };
      await withListener(
        (_request, response) => begin((answer = response)),
        async (url) => {
          const error = await rejection(fetchJwks(url));
          expect(error).to.have.property("message", `The JWK Set has more than ${MAX_JWK_SET_LENGTH} bytes`);
          await untilCut();
        },
      );
    });

    it("that stops halfway, when its time is over, although garbage is collected meanwhile", async () => {
      await withListener(
        (_request, response) => void (answer = response).write("{"),
        async (url) => {
          const error = await collectingGarbage(() => rejection(fetchJwks(url, 1_000)));
          expect(error).to.have.property("message", "The JWK Set took longer than 1000 ms");
          await untilCut();
        },
      );
    });
  });
});
