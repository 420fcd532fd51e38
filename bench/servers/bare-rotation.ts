// A bare handler that rotates a refresh token: Node's own HTTP server, the three HMACs, one UPDATE, and nothing else. It
// looks at no user, knows no replay and no grace period.
import type { ServerResponse } from "node:http";
import { parseSecretKey } from "../../src/settings/keys.js";
import { RefreshTokenCodec } from "../../src/tokens/refresh-token-codec.js";
import { SECRET, signToken } from "../subject.js";
import { rotatingUpdate } from "./rotating-update.js";
import { givenOptions, serve } from "./serve.js";

const { databaseUrl } = givenOptions() as { readonly databaseUrl: string };
const codec = new RefreshTokenCodec(parseSecretKey(SECRET), []);
const rotate = rotatingUpdate(databaseUrl);

serve((req, res) => {
  let body = "";
  req.setEncoding("utf8");
  req.on("data", (text: string) => (body += text));
  req.on("end", () => void answer((JSON.parse(body) as { refreshToken: string }).refreshToken, res));
});

async function answer(given: string, res: ServerResponse): Promise<void> {
  const parsed = codec.parse(given);
  if (parsed === null) return void res.writeHead(401).end();
  await rotate(parsed.hash, parsed.generation);
  const refreshToken = codec.issue(parsed.random, parsed.generation + 1);
  const body = JSON.stringify({ token: signToken(), refreshToken });
  res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}
