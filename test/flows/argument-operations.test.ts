import { expect } from "chai";
import { dataOf } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";

// The arguments of the auth operations are their very business: none is ever taken for a credential.
for (const argumentName of ["token", "refreshToken", "username", "password"]) {
  describe(`the auth operations where the argument for authentication is called ${argumentName}`, () => {
    const context = testContext({
      JWT_PROFILE: "documented",
      JWT_VERIFY_EXPIRATION: "true",
      JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
      JWT_ALLOW_ARGUMENT: "true",
      JWT_ARGUMENT_NAME: argumentName,
    });

    for (const face of context.faces) {
      it(`work as ever over ${face.name}`, async () => {
        const { username } = await context.createUser();
        const { refreshToken = "" } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
        expect(dataOf(await face.refreshToken({ refreshToken })).refreshToken).to.equal(refreshToken);
        expect(dataOf(await face.revokeToken({ refreshToken }))).to.deep.equal({ revoked: NOW });
      });

      it(`verify the token of a disabled user, who could not authenticate, over ${face.name}`, async () => {
        const { token, username } = await context.login();
        await context.changeUser(username, { isActive: false });
        expect(dataOf(await face.verifyToken({ token })).payload).to.include({ username });
      });
    }
  });

  describe(`strawberry-django-extras' mutations where it is called ${argumentName}`, () => {
    const context = testContext({
      JWT_PROFILE: "documented",
      JWT_MUTATIONS: "strawberry",
      JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
      JWT_ALLOW_ARGUMENT: "true",
      JWT_ARGUMENT_NAME: argumentName,
    });

    it("work as ever", async () => {
      const { username } = await context.createUser();
      const ask = async (query: string) => (await graphql(`${context.url}/graphql`, query)).body;
      const { data } = await ask(
        `mutation { requestToken(username: "${username}", password: "${PASSWORD}") { refreshToken { token } } }`,
      );
      const { token } = (data as { requestToken: { refreshToken: { token: string } } }).requestToken.refreshToken;
      expect(await ask(`mutation { requestToken(refreshToken: "${token}") { refreshToken { token } } }`)).to.deep.equal(
        {
          data: { requestToken: { refreshToken: { token } } },
        },
      );
      expect(await ask(`mutation { revokeToken(token: "${token}") }`)).to.deep.equal({ data: { revokeToken: true } });
    });
  });
}

describe("single-token refresh with per-argument authentication", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_ALLOW_ARGUMENT: "true" });

  for (const face of context.faces) {
    it(`takes its token as ever over ${face.name}`, async () => {
      const { token, username } = await context.login();
      context.clock.advance(1);
      expect(dataOf(await face.refreshToken({ token })).payload).to.deep.equal({
        username,
        exp: NOW + 301,
        origIat: NOW,
      });
    });
  }
});
