import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { expect } from "chai";
import { bodyAtHand } from "../src/body-at-hand.js";
import { BodyTooLargeError, MAX_BODY_BYTES, readBody } from "../src/graphql/read-body.js";
import type { HttpResponse } from "../src/index.js";
import { sendResponse } from "../src/index.js";
import { withListener } from "./support/listen.js";
import { RawConnection } from "./support/raw-connection.js";
import { postRequest, request, sendRaw } from "./support/raw-http.js";
import { rejection } from "./support/rejection.js";
import { until } from "./support/until.js";

const ANSWER: HttpResponse = { status: 200, headers: { "content-type": "application/json" }, body: '{"żółć":1}' };

describe("sendResponse", () => {
  it("sends status, headers and body, with the length in bytes", async () => {
    await withListener(answering(ANSWER), async (url) => {
      const [answer] = await sendRaw(url, request("GET", "/", {}));
      expect(answer?.status).to.equal(200);
      expect(answer?.headers).to.include({ "content-type": "application/json", "content-length": "14" });
      expect(answer?.headers).not.to.have.property("transfer-encoding");
      expect(answer?.body).to.equal(ANSWER.body);
    });
  });

  it("answers one request after the other on a connection, and all that come at once", async () => {
    await withListener(answering(ANSWER), async (url) => {
      const answers = await sendRaw(url, request("GET", "/", {}).repeat(3), 3);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    });
  });

  it("keeps the headers that were set before, and each of several cookies", async () => {
    const headers = { "set-cookie": ["a=1", "b=2"] };
    const listener: RequestListener = (_request, response) => {
      response.setHeader("cache-control", "no-store");
      sendResponse(response, { ...ANSWER, headers });
    };
    await withListener(listener, async (url) => {
      const answer = await fetch(url);
      expect(answer.headers.get("cache-control")).to.equal("no-store");
      expect(answer.headers.getSetCookie()).to.deep.equal(["a=1", "b=2"]);
      expect(await answer.text()).to.equal(ANSWER.body);
    });
  });

  it("sends no length with a status that has no body", async () => {
    await withListener(answering({ status: 304, headers: { etag: '"a"' }, body: "" }), async (url) => {
      const answer = await fetch(url);
      expect([answer.status, answer.headers.get("content-length")]).to.deep.equal([304, null]);
    });
  });

  it("sends the head alone to HEAD", async () => {
    await withListener(answering(ANSWER), async (url) => {
      const answer = await fetch(url, { method: "HEAD" });
      expect([answer.status, answer.headers.get("content-length"), await answer.text()]).to.deep.equal([200, "14", ""]);
    });
  });

  it("is not held up by a client that has gone", async () => {
    let closed: Promise<unknown> | undefined;
    const gone: RequestListener = (incoming, response) => {
      closed = once(response, "close");
      incoming.socket.destroy();
      sendResponse(response, ANSWER);
    };
    await withListener(gone, async (url) => {
      await sendRaw(url, request("GET", "/", {}));
      await closed;
    });
  });
});

describe("sendResponse to a client that has been gone for long", () => {
  it("does nothing", async () => {
    let outcome: unknown = "not called";
    let isOver: Promise<unknown> | undefined;
    const late = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
      response.once("error", (error) => (outcome = error));
      const closed = once(response, "close");
      incoming.socket.destroy();
      await closed;
      outcome = sendResponse(response, ANSWER);
    };
    await withListener(
      (incoming, response) => void (isOver = late(incoming, response)),
      async (url) => {
        await sendRaw(url, request("GET", "/", {}));
        await isOver;
        await new Promise(setImmediate); // Node tells of a failed write a turn later.
      },
    );
    expect(outcome).to.equal(undefined);
  });
});

describe("the body of a request", () => {
  it("is at hand where it came with the head", async () => {
    const { hand, read } = await bodiesOf((url) => sendRaw(url, postRequest("/", '{"query":"{ żółć }"}')));
    expect(hand).to.equal('{"query":"{ żółć }"}');
    expect(read).to.equal(null);
  });

  it("is waited for where it comes later", async () => {
    const { hand, read } = await bodiesOf((url, headHasCome) => {
      return sendInTwo(url, postRequest("/", '{"query":"{ a }"}'), headHasCome);
    });
    expect(hand).to.equal(null);
    expect(read).to.equal('{"query":"{ a }"}');
  });

  it("is refused where it is too large, at hand or not", async () => {
    const large = postRequest("/", "a".repeat(MAX_BODY_BYTES + 1));
    let refused: unknown;
    const listener = async (incoming: IncomingMessage, response: ServerResponse) => {
      refused = await rejection(readBody(incoming));
      sendResponse(response, ANSWER);
    };
    await withListener(
      (incoming, response) => void listener(incoming, response),
      (url) => sendRaw(url, large),
    );
    expect(refused).to.be.instanceOf(BodyTooLargeError);
  });
});

function answering(answer: HttpResponse): RequestListener {
  return (_request, response) => sendResponse(response, answer);
}

/** What is at hand of a request, and what is read if nothing is. @param send is told when the head has come */
async function bodiesOf(send: (url: string, headHasCome: Promise<void>) => Promise<unknown>) {
  let come = () => {};
  const headHasCome = new Promise<void>((resolve) => (come = resolve));
  let hand: string | null = null;
  let read: unknown = null;
  const listener = async (incoming: IncomingMessage, response: ServerResponse) => {
    come();
    await Promise.resolve(); // As behind `auth.context`: what came in one piece has been parsed.
    hand = bodyAtHand(incoming);
    if (hand === null) read = await readBody(incoming);
    sendResponse(response, ANSWER);
  };
  await withListener(
    (incoming, response) => void listener(incoming, response),
    (url) => send(url, headHasCome),
  );
  return { hand, read };
}

/** Sends all but the beginning of the body once the head has come. */
async function sendInTwo(url: string, bytes: string, headHasCome: Promise<void>): Promise<void> {
  const middle = bytes.indexOf("\r\n\r\n") + 6;
  const connection = (await RawConnection.open(url)).send(bytes.slice(0, middle));
  await headHasCome;
  connection.send(bytes.slice(middle));
  await until(() => connection.received !== "");
  connection.close();
}
