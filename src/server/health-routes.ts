import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DataSource } from "typeorm";
import { checkConnection } from "../database/check-connection.js";
import { pendingMigrations } from "../database/migrate.js";
import { ServiceUnavailableError } from "../errors.js";
import { refuseOtherMethods } from "./http-rules.js";

/** `/healthz`: the process answers. `/readyz`: it can serve, that is, the database answers and has every migration. */
export function healthRoutes(dataSource: DataSource) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get("/healthz", async () => ({ status: "ok" }));

    server.get("/readyz", async (request, reply) => {
      const database = await holds(request, () => checkConnection(dataSource));
      const migrations = database && (await holds(request, () => assertMigrated(dataSource)));
      const ready = database && migrations;
      if (!ready) void reply.code(503).header("retry-after", String(new ServiceUnavailableError().retryAfter));
      return { status: ready ? "ready" : "unavailable", checks: { database, migrations } };
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

async function assertMigrated(dataSource: DataSource): Promise<void> {
  const pending = await pendingMigrations(dataSource);
  if (pending.length > 0) throw new Error(`The database lacks migrations: ${pending.join(", ")}`);
}
