import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { issuesRefreshTokens } from "../../auth/long-running.js";
import type { AuthUser } from "../../auth-user.js";
import type { Auth } from "../../create-auth.js";
import { UnauthenticatedError } from "../../errors.js";
import { standingOf } from "../../graphql/introspection-guard.js";
import type { JwtSettings } from "../../settings/jwt-settings.js";
import { appRouter } from "../../trpc/auth-router.js";
import { procedureList } from "../../trpc/procedure-list.js";
import { contextOf } from "../authentication.js";
import { httpError } from "../../http-error.js";
import { refuseOtherMethods } from "../http-rules.js";
import { PAGE_PATH } from "../paths.js";
import type { PageSettings, ProcedureDescription } from "./page-types.js";

/** A file of the page, beside its document. */
export interface PageFile {
  readonly location: URL;
  readonly contentType: string;
  /** Whether another content would have another name. */
  readonly isHashed: boolean;
}

/** The page: what is at `/`, and the files that it loads, by name. */
export interface Page {
  readonly document: Buffer;
  readonly files: ReadonlyMap<string, PageFile>;
}

/**
 * What the page may do: run its own scripts and nothing written into it, speak to this server and nobody else. The editor
 * writes styles into the page, and its fonts and pictures into its style sheet.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "worker-src 'self'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE_HEADERS = { "content-security-policy": PAGE_POLICY, "cross-origin-opener-policy": "same-origin" };

/** A year. No shared cache: an answer may delete the cookies of whoever asked. */
const UNCHANGING = "private, max-age=31536000, immutable";

/** The page at `/` and its files. It asks for two documents of its own: how to log in, and what procedures there are. */
export function pageRoutes<TUser extends AuthUser>({ document, files }: Page, { settings }: Auth<TUser>) {
  const procedures = procedureList(appRouter).map((procedure) => withArgument(procedure, settings));

  return async (server: FastifyInstance): Promise<void> => {
    server.get("/", async (_request, reply) =>
      reply.headers(PAGE_HEADERS).type("text/html; charset=utf-8").send(document),
    );

    server.get(`${PAGE_PATH}/settings.json`, async () => pageSettings(settings));

    server.get(`${PAGE_PATH}/procedures.json`, async (request) => {
      if (standingOf(contextOf(request).user, settings) === "must-not-introspect") throw new UnauthenticatedError();
      return procedures;
    });

    server.get<{ Params: { name: string } }>(`${PAGE_PATH}/:name`, async (request, reply) => {
      const file = files.get(request.params.name);
      if (!file) throw httpError(404);
      void reply.headers(PAGE_HEADERS).type(file.contentType);
      if (file.isHashed) void reply.header("cache-control", UNCHANGING);
      return reply.send(await readFile(file.location));
    });

    refuseOtherMethods(server, "/", ["GET", "HEAD"]);
    refuseOtherMethods(server, `${PAGE_PATH}/:name`, ["GET", "HEAD"]);
  };
}

/** A token of its own, where the settings let `auth.me` take one: no class of inputs knows under which name. */
function withArgument(
  procedure: ProcedureDescription,
  { allowArgument, argumentName }: JwtSettings,
): ProcedureDescription {
  if (!allowArgument || procedure.name !== "auth.me") return procedure;
  const field = { name: argumentName, type: "text", isOptional: true, isSecret: false } as const;
  return { ...procedure, fields: [...procedure.fields, field] };
}

function pageSettings(settings: JwtSettings): PageSettings {
  const { cookies, authHeaderName, authHeaderPrefix, authenticateIntrospection } = settings;
  return {
    cookies,
    headerName: authHeaderName,
    headerPrefix: authHeaderPrefix[0] ?? "JWT",
    hasSessions: issuesRefreshTokens(settings),
    isGuarded: authenticateIntrospection,
  };
}
