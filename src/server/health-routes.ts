import type { FastifyInstance } from "fastify";
import type { DataSource } from "typeorm";
import { checkConnection } from "../database/check-connection.js";
import { pendingMigrations } from "../database/migrate.js";
import { ServiceUnavailableError } from "../errors.js";
import { refuseOtherMethods } from "./http-rules.js";

/** `/healthz`: the process answers. `/readyz`: it can serve, that is, the database answers and has every migration. */
export function healthRoutes(dataSource: DataSource) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get("/healthz", async () => ({ status: "ok" }));

    server.get("/readyz", async (_request, reply) => {
      const checks = { database: await isReachable(dataSource), migrations: false };
      if (checks.database) checks.migrations = (await pendingMigrations(dataSource)).length === 0;
      const ready = checks.database && checks.migrations;
      if (!ready) void reply.code(503).header("retry-after", String(new ServiceUnavailableError().retryAfter));
      return { status: ready ? "ready" : "unavailable", checks };
    });

    for (const path of ["/healthz", "/readyz"]) refuseOtherMethods(server, path, ["GET", "HEAD"]);
  };
}

async function isReachable(dataSource: DataSource): Promise<boolean> {
  try {
    await checkConnection(dataSource);
    return true;
  } catch {
    return false;
  }
}
