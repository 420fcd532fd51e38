import { parseEnv } from "node:util";

import { expect } from "chai";

import { graphql } from "../support/http.js";
import { janusAuthHere } from "../support/command-line.js";
import { NOW, TestContext } from "../support/test-context.js";
import { claimsOf, headerOf, isSignedBy } from "./jwt.js";
import { FACES, outcomeOf, textOf, WireClient } from "./wire-client.js";

const WEEK = 7 * 86_400;
const INTROSPECTION = '{ __type(name: "UserType") { name } }';

/** The example of strawberry-django-extras' documentation, but for the keys. */
const EXAMPLE = `
JWT_VERIFY_EXPIRATION=True
JWT_LONG_RUNNING_REFRESH_TOKEN=True
JWT_EXPIRATION_DELTA=5 minutes
JWT_REFRESH_EXPIRATION_DELTA=7 days
JWT_AUTHENTICATE_INTROSPECTION=True
JWT_REFRESH_TOKEN_N_BYTES=64
`;

/** In the profile of the documentation, and in that of a server which nobody told of profiles. */
for (const profile of ["JWT_PROFILE=documented\n", ""]) {
  describe(`the documented example${profile === "" ? ", hardened" : ""}`, () => {
    let context: TestContext;
    let publicPem = "";

    before("starts with the keys that generate-keys prints", async () => {
      const { stdout: keys } = await janusAuthHere(["generate-keys", "--algorithm", "EdDSA"]);
      const environment = parseEnv(profile + EXAMPLE + keys) as Record<string, string>;
      publicPem = Buffer.from(environment["JWT_PUBLIC_KEY"] ?? "", "base64").toString();
      context = new TestContext(environment, undefined);
      await context.start();
    });
    after(() => context.stop());

    for (const face of FACES) {
      describe(`over ${face}`, () => {
        let client: WireClient;
        beforeEach(async () => {
          client = await WireClient.create(face, context);
        });

        it("signs tokens of five minutes with EdDSA, which another library verifies", async () => {
          const token = await client.newToken();
          expect(headerOf(token)["alg"]).to.equal("EdDSA");
          expect(isSignedBy(token, publicPem, "EdDSA")).to.equal(true);
          expect(claimsOf(token)).to.include({ username: client.username, exp: NOW + 300, origIat: NOW });
          expect(await client.whoIs(token)).to.equal("the user");
          context.clock.advance(300);
          expect(await client.whoIs(token)).to.equal("401 Token expired");
        });

        it("hands out refresh tokens of 64 random bytes for seven days, and keeps the session", async () => {
          const answer = await client.logIn({ fields: "refreshToken refreshExpiresIn" });
          const refreshToken = textOf(answer, "refreshToken");
          expect(Buffer.from(refreshToken, "base64url")).to.have.length(64 + 36);
          expect(answer.data?.["refreshExpiresIn"]).to.equal(NOW + WEEK);
          expect(await context.sessionsOf(client.username)).to.have.length(1);
          context.clock.advance(WEEK);
          expect(outcomeOf(await client.refresh(refreshToken))).to.equal("done");
        });

        it("refuses to refresh after seven days", async () => {
          const { refreshToken } = await client.newSession();
          context.clock.advance(WEEK + 1);
          const refused = "REFRESH_TOKEN_EXPIRED: Refresh token is expired";
          expect(outcomeOf(await client.refresh(refreshToken))).to.equal(refused);
        });

        it("ends a session", async () => {
          const { refreshToken } = await client.newSession();
          const revoke = { args: { refreshToken }, fields: "revoked" };
          expect(outcomeOf(await client.call("revokeToken", revoke))).to.equal("done");
          expect(outcomeOf(await client.refresh(refreshToken))).to.equal(
            "INVALID_REFRESH_TOKEN: Invalid refresh token",
          );
        });
      });
    }

    it("shows the schema to those who are logged in, and to nobody else", async () => {
      const client = await WireClient.create("GraphQL", context);
      const headers = { authorization: `JWT ${await client.newToken()}` };
      const url = `${context.url}/graphql`;
      const shown = await graphql(url, INTROSPECTION, {}, headers);
      expect(shown.body).to.deep.equal({ data: { __type: { name: "UserType" } } });
      const hidden = await graphql(url, INTROSPECTION);
      expect(hidden.status).to.equal(400);
      expect(hidden.body.errors?.[0]?.extensions?.code).to.equal("INTROSPECTION_DISABLED");
      expect((await graphql(url, "{ __typename }")).body).to.deep.equal({ data: { __typename: "Query" } });
    });
  });
}
