import type { FastifyInstance } from "fastify";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import { refuseOtherMethods } from "./http-rules.js";
import { JWKS_PATH } from "./paths.js";

/** Publishes the public keys, for whoever verifies our tokens. */
export function jwksRoute<TUser extends AuthUser>(auth: Auth<TUser>) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get(JWKS_PATH, async (request, reply) => {
      const { status, headers, body } = await auth.jwksResponse(request);
      // As bytes: to text Fastify would add a charset, which this media type does not have.
      return reply.code(status).headers(headers).send(Buffer.from(body));
    });
    refuseOtherMethods(server, JWKS_PATH, ["GET", "HEAD"]);
  };
}
