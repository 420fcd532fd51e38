import { expect } from "chai";
import { RawConnection } from "./raw-connection.js";
import { firstAnswer, type RawAnswer } from "./raw-http.js";
import { until } from "./until.js";

/** The headers of a request that opens a WebSocket at either face, beside `Host`. */
export const HANDSHAKE: Readonly<Record<string, string>> = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Protocol": "graphql-transport-ws",
};

/** The answer to such a request. A WebSocket is closed again; the connection of one that is refused has to be. */
export async function answerTo(url: string, bytes: string): Promise<RawAnswer> {
  const connection = (await RawConnection.open(url)).send(bytes);
  await until(() => firstAnswer(connection.received, bytes) !== null);
  const found = firstAnswer(connection.received, bytes);
  if (!found) throw new Error("the connection was closed without an answer");
  if (found.answer.status === OPENED) connection.close();
  else await connection.end();
  expect(connection.received.slice(found.length)).to.equal("");
  return found.answer;
}

/** The status with which a WebSocket begins. */
export const OPENED = 101;
