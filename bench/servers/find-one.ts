// A bare handler that verifies the token, and looks its user up with one `findOneBy` a request, as most applications do.
import "reflect-metadata";
import type { ServerResponse } from "node:http";
import { createDataSource, User } from "../../src/index.js";
import { type Claims, readAuthorization } from "./read-token.js";
import { givenOptions, serve } from "./serve.js";

const { databaseUrl } = givenOptions() as { readonly databaseUrl: string };
const dataSource = await createDataSource({ url: databaseUrl, entities: [User] }).initialize();
const users = dataSource.getRepository(User);

serve((req, res) => {
  req.resume();
  void answer(readAuthorization(req.headers.authorization), res);
});

async function answer(claims: Claims | null, res: ServerResponse): Promise<void> {
  if (claims === null) return void res.writeHead(401).end();
  const user = await users.findOneBy({ username: claims.username });
  const body = JSON.stringify({ data: { me: user && { username: user.username } } });
  res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}
