// better-auth with e-mail and password on MySQL, on Node's HTTP server, as its documentation sets it up. Its limit of
// requests is off, as Janus has none.
import type { IncomingMessage, ServerResponse } from "node:http";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { createPool } from "mysql2/promise";
import { givenOptions, serve } from "../../../build/bench/servers/serve.js";
import { SECRET } from "../../../build/bench/subject.js";

/** `updateAge`: seconds after which a session that is looked at is refreshed; its default is a day. */
const { databaseUrl, updateAge } = givenOptions() as { readonly databaseUrl: string; readonly updateAge?: number };

const options = {
  secret: SECRET,
  baseURL: "http://127.0.0.1",
  database: createPool({ uri: databaseUrl.replace(/^mariadb:/, "mysql:"), timezone: "Z", connectionLimit: 32 }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  ...(updateAge !== undefined && { session: { updateAge } }),
};
await (await getMigrations(options)).runMigrations();
const handle = toNodeHandler(betterAuth(options));
serve((req: IncomingMessage, res: ServerResponse) => void handle(req, res));
