import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DataSource } from "typeorm";
import type { Auth } from "../create-auth.js";
import { checkConnection } from "../database/check-connection.js";
import { pendingMigrations } from "../database/migrate.js";
import { ServiceUnavailableError } from "../errors.js";
import { refuseOtherMethods } from "./http-rules.js";

export interface HealthParts {
  readonly dataSource: DataSource;
  readonly auth: Pick<Auth, "jwks">;
}

/**
 * `/healthz`: the process answers. `/readyz`: it can serve, that is, the database answers and has every migration, and
 * there are keys to verify tokens with, which a process that has them from another's JWKS may lack.
 */
export function healthRoutes({ dataSource, auth }: HealthParts) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get("/healthz", async () => ({ status: "ok" }));

    server.get("/readyz", async (request, reply) => {
      const database = await holds(request, () => checkConnection(dataSource));
      const migrations = database && (await holds(request, () => assertMigrated(dataSource)));
      const keys = await holds(request, () => assertKeys(auth));
      const ready = database && migrations && keys;
      if (!ready) void reply.code(503).header("retry-after", String(new ServiceUnavailableError().retryAfter));
      return { status: ready ? "ready" : "unavailable", checks: { database, migrations, keys } };
    });

    for (const path of ["/healthz", "/readyz"]) refuseOtherMethods(server, path, ["GET", "HEAD"]);
  };
}

/** Whether a check passes. Why it does not is for the log: whoever asks for readiness need not be the operator. */
async function holds(request: FastifyRequest, check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    request.log.warn({ err: error }, "the server is not ready");
    return false;
  }
}

/** Answering them takes having them. */
async function assertKeys(auth: HealthParts["auth"]): Promise<void> {
  await auth.jwks();
}

async function assertMigrated(dataSource: DataSource): Promise<void> {
  const pending = await pendingMigrations(dataSource);
  if (pending.length > 0) throw new Error(`The database lacks migrations: ${pending.join(", ")}`);
}
