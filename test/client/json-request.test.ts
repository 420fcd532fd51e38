import { expect } from "chai";
import { postJson } from "../../src/client/json-request.js";
import { collectingGarbage } from "../support/collect-garbage.js";
import { withListener } from "../support/listen.js";
import { rejection } from "../support/rejection.js";

describe("postJson", () => {
  it("gives up on an answer that stops halfway, although garbage is collected meanwhile", async () => {
    await withListener(
      (_request, response) => void response.write('{"data":'),
      async (url) => {
        const sent = () => postJson({ fetch, cookies: undefined }, url, {}, { limit: 1_000 });
        const error = await collectingGarbage(() => rejection(sent()));
        expect(error).to.include({ code: "NO_ANSWER", message: "The auth server cannot be reached" });
        expect(error).to.have.nested.property("cause.name", "TimeoutError");
      },
    );
  });
});
