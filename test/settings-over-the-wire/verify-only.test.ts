import { expect } from "chai";

import { createAuth, createDataSource, PasswordHasher, RefreshToken, TypeOrmUsers, User } from "../../src/index.js";
import { PAIRS } from "../settings/sample-keys.js";
import { onEachDatabase } from "../support/databases.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { FACES, outcomeOf, WireClient } from "./wire-client.js";
import { withContext } from "./with-context.js";

const { privatePem, publicPem } = PAIRS.ed25519;
const NOT_ALLOWED = "ISSUING_NOT_ALLOWED: Token issuing not supported";

onEachDatabase("a process that has the public key alone", (createDatabase) => {
  let databaseUrl = "";
  before(async () => {
    databaseUrl = await createDatabase();
  });

  /** The process that issues tokens. The other one has the same database and not the private key. */
  const issuer = testContext(
    { JWT_PROFILE: "hardened", JWT_ALGORITHM: "EdDSA", JWT_PRIVATE_KEY: privatePem },
    async () => databaseUrl,
  );
  const verifying = { JWT_PROFILE: "hardened", JWT_ALGORITHM: "EdDSA", JWT_PUBLIC_KEY: publicPem };

  for (const face of FACES) {
    it(`verifies the tokens of another process, and issues none, over ${face}`, () =>
      withContext({ environment: verifying, createDatabase: async () => databaseUrl }, async (verifier) => {
        const client = await WireClient.create(face, issuer);
        const { token, refreshToken } = await client.newSession();
        const there = client.at(verifier);
        verifier.forget();
        expect(await there.whoIs(token)).to.equal("the user");
        expect(outcomeOf(await there.logIn())).to.equal(NOT_ALLOWED);
        expect((await there.logIn()).status).to.equal(face === "GraphQL" ? 200 : 403);
        expect(outcomeOf(await there.refresh(refreshToken))).to.equal(NOT_ALLOWED);
        const args = { currentPassword: PASSWORD, newPassword: "another-Passw0rd" };
        const setPassword = { args, fields: "token", headers: { authorization: `JWT ${token}` } };
        expect(outcomeOf(await there.call("setPassword", setPassword))).to.equal(NOT_ALLOWED);
        expect(verifier.log.filter(({ level }) => Number(level) > 30)).to.deep.equal([]);

        const [session, ...others] = await issuer.sessionsOf(client.username);
        expect(others).to.deep.equal([]);
        expect(session).to.include({ generation: 0, revoked: null });
        expect(outcomeOf(await client.refresh(refreshToken))).to.equal("done");

        await there.call("revokeToken", { args: { refreshToken }, fields: "revoked" });
        for (const process of [client, there]) expect(await process.whoIs(token)).to.equal("401 Invalid token");
      }));
  }

  it("says so at the start", () =>
    withContext({ environment: verifying, createDatabase: async () => databaseUrl }, async ({ log }) => {
      expect(log.filter(({ level }) => Number(level) > 30).map(({ msg }) => msg)).to.deep.equal([
        "JWT_PUBLIC_KEY is given without privateKey or JWT_PRIVATE_KEY: tokens are verified, and none are issued",
      ]);
    }));

  it("needs no secret as a library, and looks at sessions all the same", async () => {
    const dataSource = await createDataSource({ url: databaseUrl, entities: [RefreshToken, User] }).initialize();
    try {
      const users = new TypeOrmUsers(dataSource, new PasswordHasher());
      const settings = { profile: "hardened", algorithm: "EdDSA", publicKey: publicPem } as const;
      const { service } = await createAuth({ users, settings, dataSource, clock: issuer.clock });
      const client = await WireClient.create("tRPC", issuer);
      const { token, refreshToken } = await client.newSession();
      expect((await service.identify(token)).user?.username).to.equal(client.username);

      const codeOf = (call: Promise<unknown>) => call.catch((error: unknown) => (error as { code?: unknown }).code);
      expect(await codeOf(service.revokeToken({ refreshToken }))).to.equal("INVALID_REFRESH_TOKEN");
      expect(await codeOf(service.tokenAuth({ username: client.username, password: PASSWORD }))).to.equal(
        "ISSUING_NOT_ALLOWED",
      );
      await client.call("revokeToken", { args: { refreshToken }, fields: "revoked" });
      expect(await codeOf(service.identify(token))).to.equal("INVALID_TOKEN");
    } finally {
      await dataSource.destroy();
    }
  });
});
