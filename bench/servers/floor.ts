// The floor: Node's own HTTP server, the same cryptography with `node:crypto`, fixed JSON, and nothing else.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { ME_ANSWER, MEMORY_USERS, PASSWORD, signToken } from "../subject.js";
import { readAuthorization, verifyToken } from "./read-token.js";
import { serve } from "./serve.js";

const FIXED = JSON.stringify(ME_ANSWER);

const ROUTES: Readonly<Record<string, (req: IncomingMessage, body: string) => string | null>> = {
  "/graphql": (req) => (readAuthorization(req.headers.authorization) ? FIXED : null),
  "/me": (req) => (readAuthorization(req.headers.authorization) ? FIXED : null),
  "/verify": (_, body) => {
    const { token } = JSON.parse(body) as { token: string };
    const payload = verifyToken(token);
    return payload && JSON.stringify({ payload });
  },
  "/sign": (_, body) => {
    const { username, password } = JSON.parse(body) as { username: string; password: string };
    return MEMORY_USERS.has(username) && password === PASSWORD ? JSON.stringify({ token: signToken() }) : null;
  },
};

const listener: RequestListener = (req, res) => {
  let body = "";
  req.setEncoding("utf8");
  req.on("data", (text: string) => (body += text));
  req.on("end", () => send(res, ROUTES[req.url ?? ""]?.(req, body) ?? null));
};

function send(res: ServerResponse, body: string | null): void {
  const text = body ?? '{"errors":[]}';
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  res.writeHead(body === null ? 401 : 200, headers).end(text);
}

serve(listener);
