import { expect } from "chai";

import type { JwtSettingsInput } from "../../src/index.js";
import { SettingsError } from "../../src/index.js";
import { environmentName } from "../../src/settings/setting.js";
import { SETTINGS } from "../../src/settings/settings-list.js";
import { SqliteDatabases } from "../support/sqlite-databases.js";
import type { Row } from "./row.js";
import { COOKIE_ROWS } from "./rows/cookie-rows.js";
import { HANDLER_ROWS } from "./rows/handler-rows.js";
import { QUERY_ROWS } from "./rows/query-rows.js";
import { LIMIT_ROWS } from "./rows/limit-rows.js";
import { REFRESHING_ROWS } from "./rows/refreshing-rows.js";
import { SCHEMA_ROWS } from "./rows/schema-rows.js";
import { TOKEN_ROWS } from "./rows/token-rows.js";
import { TRANSPORT_ROWS } from "./rows/transport-rows.js";
import { FACES, type FaceName, WireClient } from "./wire-client.js";
import { withContext } from "./with-context.js";

const ROWS: readonly Row[] = [
  ...TOKEN_ROWS,
  ...REFRESHING_ROWS,
  ...TRANSPORT_ROWS,
  ...COOKIE_ROWS,
  ...HANDLER_ROWS,
  ...SCHEMA_ROWS,
  ...QUERY_ROWS,
  ...LIMIT_ROWS,
];

/**
 * What a server does by itself, and no client sees: test/server/token-clearing.test.ts looks at the rows, and
 * test/auth/require-rules.test.ts at hosts that do not start.
 */
const HOUSEKEEPING: readonly string[] = ["clearTokensEvery", "requireRules"];
/** What needs a file or another server: test/flows/key-rotation.test.ts and test/server/jwks.test.ts show it to clients. */
const ELSEWHERE: readonly string[] = ["keySet", "jwks"];
const SEEN = SETTINGS.map(({ property }) => property).filter(
  (property) => !HOUSEKEEPING.includes(property) && !ELSEWHERE.includes(property),
);

describe("every setting over the wire", () => {
  const databases = new SqliteDatabases();
  before(() => databases.open());
  after(() => databases.close());

  /** What is seen over each API of a server with these settings beside the row's own. */
  async function seenWith(row: Row, environment: Record<string, string>, settings: JwtSettingsInput = {}) {
    const createDatabase = async () => {
      const url = await databases.create();
      await row.prepare?.(url);
      return url;
    };
    try {
      return await withContext({ environment: { ...row.given, ...environment }, settings, createDatabase }, (context) =>
        onEachFace(async (face) => row.look(await WireClient.create(face, context))),
      );
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      const refusedToStart = error.problems.map(({ setting, problem }) => `${setting} ${problem}`);
      return onEachFace(async () => ({ refusedToStart }));
    }
  }

  for (const row of ROWS) {
    const { setting, value, byDefault, instead } = row;
    const expected = (seen: unknown) => ({ GraphQL: seen, tRPC: "overTrpc" in row ? row.overTrpc : seen });
    const shown = value.environment.replace(/^.*#/, "…#").split("\n")[0];

    describe(`${setting}: ${shown}`, () => {
      it("has a default with another effect", () => expect(byDefault).not.to.deep.equal(instead));

      it("by default", async () => {
        expect(await seenWith(row, {})).to.deep.equal(expected(byDefault));
      });

      it(`with ${environmentName(setting)}`, async () => {
        const environment = { [environmentName(setting)]: value.environment };
        expect(await seenWith(row, environment)).to.deep.equal(expected(instead));
      });

      it("in code", async () => {
        expect(await seenWith(row, {}, { [setting]: value.code })).to.deep.equal(expected(instead));
      });
    });
  }

  for (const property of SEEN) {
    it(`has a row for ${property}`, () => {
      expect(ROWS.map(({ setting }) => setting)).to.include(property);
    });
  }

  it("shows every setting to both kinds of clients, but for those of the GraphQL schema", () => {
    const shownToBoth = new Set(ROWS.filter((row) => !("overTrpc" in row)).map(({ setting }) => setting));
    const forGraphQL = SEEN.filter((property) => !shownToBoth.has(property));
    expect(forGraphQL).to.deep.equal([
      "mutations",
      "authenticateIntrospection",
      "queryDepthLimit",
      "queryAliasLimit",
      "queryTokenLimit",
      "queryComplexityLimit",
      "queryBatchLimit",
    ]);
  });
});

/** One after the other, because they share a clock. */
async function onEachFace(look: (face: FaceName) => Promise<unknown>): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  for (const face of FACES) seen[face] = await look(face);
  return seen;
}
