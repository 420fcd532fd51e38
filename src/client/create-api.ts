import type { AuthApi } from "./auth-api.js";
import type { Credentials } from "./credentials.js";
import { graphqlApi, graphqlRun } from "./graphql-api.js";
import type { Sender } from "./json-request.js";
import type { AuthClientOptions } from "./options.js";
import { strawberryApi } from "./strawberry-api.js";
import { timeLimits } from "./time-limits.js";
import type { Wire } from "./transformer.js";
import { trpcApi } from "./trpc-api.js";

/** The API that the options ask for. @throws TypeError for options that contradict each other */
export function createApi(options: AuthClientOptions, sender: Sender, credentials: Credentials, wire: Wire): AuthApi {
  const { api = "trpc", router = "auth", cookies = false, singleToken = false } = options;
  const url = String(options.url);
  const limits = timeLimits(options.timeout);
  if (api === "trpc") return trpcApi(sender, limits, url, { router, wire });
  const run = graphqlRun(sender, limits, url);
  if (api === "graphql") return graphqlApi(run, limits, { tokens: !cookies, refreshTokens: !singleToken });
  if (cookies) throw new TypeError('api "strawberry" has no operations by cookie: use "trpc" for them');
  return strawberryApi(run, limits, credentials);
}
