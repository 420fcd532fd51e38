import { describeDatabase } from "../database/data-source.js";
import { issuesRefreshTokens } from "../auth/long-running.js";
import type { FirstUser, JanusServer } from "../server/index.js";
import { GRAPHQL_PATH, TRPC_PATH } from "../server/paths.js";
import type { JwtSettings } from "../settings/jwt-settings.js";

/** What a start tells the person in front of the terminal. */
export function startMessage({ url, application, firstUser, hasPage }: JanusServer): string {
  const { auth, config, warnings } = application;
  const facts = [
    ...(hasPage ? [["Page", `${url}/`]] : []),
    ["GraphQL", url + GRAPHQL_PATH],
    ["tRPC", url + TRPC_PATH],
    ["Health", `${url}/healthz and ${url}/readyz`],
    ["Database", describeDatabase(config.databaseUrl)],
    ["Profile", auth.settings.profile],
    ...warnings.map((warning) => ["Warning", warning]),
  ];
  const lines = facts.map(([name = "", value]) => `  ${name.padEnd(8)}  ${value}`);
  const first = firstUser === null ? [] : firstUserLines(firstUser, url, auth.settings);
  return ["Janus is ready. Ctrl+C stops it.", ...lines, ...first, ""].join("\n");
}

function firstUserLines({ username, password }: FirstUser, url: string, settings: JwtSettings): string[] {
  return [
    "",
    "There was no user yet, so a superuser was created. The password is shown this once:",
    `  Username  ${username}`,
    `  Password  ${password}`,
    "",
    "To log in:",
    `  ${loginCommand({ username, password }, url, settings)}`,
  ];
}

/** A command that logs in, for the shell. Neither the generated password nor the name has anything in it to escape. */
function loginCommand({ username, password }: FirstUser, url: string, settings: JwtSettings): string {
  const fields = issuesRefreshTokens(settings) ? "token refreshToken refreshExpiresIn" : "token refreshExpiresIn";
  const query = `mutation { tokenAuth(username: "${username}", password: "${password}") { ${fields} } }`;
  return `curl ${url}${GRAPHQL_PATH} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`;
}
