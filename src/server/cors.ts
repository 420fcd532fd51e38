import { fastifyCors } from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { ANY_ORIGIN, originCheck } from "./origins.js";

/** How long a browser may remember a preflight, seconds. Chromium takes no more. */
const PREFLIGHT_AGE = 7200;

/** Headers that clients send, beside the one with the token: ours, tRPC's, and those that GraphQL clients prove a preflight with. */
const REQUEST_HEADERS = [
  "content-type",
  "x-csrftoken",
  "trpc-accept",
  "graphql-preflight",
  "apollo-require-preflight",
  "graphql-require-preflight",
  "x-requested-with",
];

/** Headers that a page may read, beside those that it always may. */
const ANSWER_HEADERS = ["retry-after", "www-authenticate", "x-request-id"];

/** What the answer to a page of an origin, or to no page, has of headers: names and values, as Node writes them. */
export type CorsHeaders = (origin: string | undefined) => readonly string[];

/** What `allowOrigins` puts into answers, for requests that are answered without Fastify. A preflight is none of those. */
export function corsHeaders(origins: readonly string[], { cookies }: Pick<JwtSettings, "cookies">): CorsHeaders {
  if (origins.length === 0) return () => [];
  const isAllowed = originCheck(origins);
  const isAnybody = origins.includes(ANY_ORIGIN);
  const credentials = cookies ? ["access-control-allow-credentials", "true"] : [];
  const others = [...credentials, "access-control-expose-headers", ANSWER_HEADERS.join(", ")];
  return (origin) =>
    origin !== undefined && isAllowed(origin)
      ? [...VARY, "access-control-allow-origin", isAnybody ? ANY_ORIGIN : origin, ...others]
      : VARY;
}

/** What stands before everything else: the answer to one origin is none to another one. */
const VARY = ["vary", "Origin"] as const;

/**
 * Lets pages of these origins read our answers, errors included; without origins no answer has a CORS header. It has to
 * be registered before everything that refuses requests: a page cannot read a refusal without the headers either, and
 * a preflight carries no token.
 */
export async function allowOrigins(
  server: FastifyInstance,
  origins: readonly string[],
  { authHeaderName, cookies }: Pick<JwtSettings, "authHeaderName" | "cookies">,
): Promise<void> {
  if (origins.length === 0) return;
  const isAllowed = originCheck(origins);
  const allowed = origins.includes(ANY_ORIGIN) ? ANY_ORIGIN : true; // True is the origin that asked.
  await server.register(fastifyCors, {
    origin: async (origin: string | undefined) => isAllowed(origin) && allowed,
    methods: ["GET", "POST"],
    allowedHeaders: [...new Set([authHeaderName, ...REQUEST_HEADERS])],
    exposedHeaders: ANSWER_HEADERS,
    credentials: cookies,
    maxAge: PREFLIGHT_AGE,
    strictPreflight: false, // Its refusal would be the one answer in plain text.
  });
  // tRPC names what its answers vary by, in place of what is there.
  server.addHook("onSend", async (_request, _reply, payload) => {
    if (payload instanceof Response) payload.headers.append("vary", "Origin");
    return payload;
  });
}
