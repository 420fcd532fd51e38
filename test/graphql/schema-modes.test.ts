import { expect } from "chai";
import { graphql } from "../support/http.js";
import { testContext } from "../support/test-context.js";

/** Every field of the contract that only one of the modes has, and what the other says to it. */
const MODES = {
  "single-token": { environment: { JWT_PROFILE: "documented" }, hasRefreshToken: false },
  "long-running": {
    environment: { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" },
    hasRefreshToken: true,
  },
  "long-running, without allowRefresh": {
    environment: { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true", JWT_ALLOW_REFRESH: "false" },
    hasRefreshToken: false,
  },
};

const INTROSPECTION = `{
  __schema { queryType { fields { name } } mutationType { fields { name type { name } args { name } } } }
  obtain: __type(name: "ObtainJSONWebToken") { fields { name } }
  refresh: __type(name: "Refresh") { fields { name } }
}`;

interface Names {
  readonly fields: readonly { readonly name: string }[];
}

/** Only where there are sessions. */
const SESSION_MUTATIONS = [
  { name: "revokeSession", type: { name: "RevokeSession" }, args: [{ name: "user" }, { name: "id" }] },
  { name: "revokeOtherSessions", type: { name: "RevokeSessions" }, args: [] },
  { name: "revokeAllSessions", type: { name: "RevokeSessions" }, args: [{ name: "user" }] },
];

const names = ({ fields }: Names): string[] => fields.map(({ name }) => name);

for (const [mode, { environment, hasRefreshToken }] of Object.entries(MODES)) {
  describe(`the schema in ${mode} mode`, () => {
    const context = testContext(environment);
    const endpoint = () => `${context.url}/graphql`;

    it("has the names of django-graphql-jwt", async () => {
      const { body } = await graphql<Record<string, never>>(endpoint(), INTROSPECTION);
      const { __schema, obtain, refresh } = body.data as unknown as {
        __schema: { queryType: Names; mutationType: { fields: { name: string; type: object; args: object[] }[] } };
        obtain: Names;
        refresh: Names;
      };
      expect(names(__schema.queryType)).to.deep.equal(hasRefreshToken ? ["me", "sessions"] : ["me"]);
      expect(__schema.mutationType.fields).to.have.deep.members([
        { name: "tokenAuth", type: { name: "ObtainJSONWebToken" }, args: [{ name: "username" }, { name: "password" }] },
        { name: "verifyToken", type: { name: "Verify" }, args: [{ name: "token" }] },
        { name: "refreshToken", type: { name: "Refresh" }, args: [{ name: "token" }, { name: "refreshToken" }] },
        { name: "revokeToken", type: { name: "Revoke" }, args: [{ name: "refreshToken" }] },
        { name: "deleteTokenCookie", type: { name: "DeleteJSONWebTokenCookie" }, args: [] },
        { name: "deleteRefreshTokenCookie", type: { name: "DeleteRefreshTokenCookie" }, args: [] },
        {
          name: "setPassword",
          type: { name: "ObtainJSONWebToken" },
          args: [{ name: "currentPassword" }, { name: "newPassword" }],
        },
        { name: "renewConnection", type: { name: "RenewConnection" }, args: [{ name: "token" }] },
        ...(hasRefreshToken ? SESSION_MUTATIONS : []),
      ]);
      const fields = ["token", "payload", "refreshExpiresIn", ...(hasRefreshToken ? ["refreshToken"] : [])];
      expect(names(refresh)).to.have.members(fields);
      expect(names(obtain)).to.have.members([...fields, "user"]);
    });

    for (const [type, field] of [
      ["ObtainJSONWebToken", 'tokenAuth(username: "a", password: "b")'],
      ["Refresh", 'refreshToken(refreshToken: "a")'],
    ] as const) {
      it(`${hasRefreshToken ? "has" : "does not have"} the field refreshToken in ${type}`, async () => {
        const { status, body } = await graphql(endpoint(), `mutation { ${field} { refreshToken } }`);
        expect(status).to.equal(hasRefreshToken ? 200 : 400);
        const [error] = body.errors ?? [];
        const unknown = `Cannot query field "refreshToken" on type "${type}".`;
        expect(error?.message.startsWith(unknown)).to.equal(!hasRefreshToken);
        expect(context.hasher.runs).to.equal(hasRefreshToken && type === "ObtainJSONWebToken" ? 1 : 0);
      });
    }
  });
}
