import { expect } from "chai";
import { Browser, browserFaces } from "../support/browser.js";
import { graphql } from "../support/http.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";

const WEEK = 7 * 24 * 3600;

for (const mode of ["long-running", "single-token"] as const) {
  describe(`hideTokenFields, ${mode} mode`, () => {
    const context = testContext({
      JWT_PROFILE: "documented",
      JWT_COOKIES: "true",
      JWT_HIDE_TOKEN_FIELDS: "true",
      JWT_LONG_RUNNING_REFRESH_TOKEN: String(mode === "long-running"),
      JWT_REUSE_REFRESH_TOKENS: "true",
    });
    let browser = new Browser();
    beforeEach(() => {
      browser = new Browser();
    });

    for (const face of browserFaces(context, () => browser)) {
      it(`lets a person log in, work, refresh and log out over ${face.name} with no token in any body`, async () => {
        const { username, id } = await context.createUser();
        const user = { id, username, email: null, isStaff: false, isSuperuser: false, roles: [], permissions: [] };
        const issued = (at: number) => ({
          payload: { username, exp: at + 300, origIat: mode === "long-running" ? at : NOW },
          refreshExpiresIn: (mode === "long-running" ? at : NOW) + WEEK,
        });
        const tokens = new Set<string>();
        const remember = () => browser.cookies.forEach((value) => tokens.add(value));

        const obtained = await face.tokenAuth({ username, password: PASSWORD });
        expect(obtained).to.deep.equal({ data: { ...issued(NOW), user } });
        remember();
        expect(await face.me()).to.deep.equal({ data: user });
        expect(await face.verifyToken({})).to.deep.equal({ data: { payload: issued(NOW).payload } });

        context.clock.advance(10);
        expect(await face.refreshToken({})).to.deep.equal({ data: issued(NOW + 10) });
        remember();
        expect(tokens.size).to.equal(mode === "long-running" ? 5 : 3); // Two of each, and the CSRF token.

        browser.cookies.set("JWT", "garbage");
        expect(await face.verifyToken({})).to.include({ code: "INVALID_TOKEN" });
        if (mode === "long-running") expect(await face.revokeToken({})).to.deep.equal({ data: { revoked: NOW + 10 } });
        else expect(await face.revokeToken({})).to.include({ code: "TOKEN_REQUIRED" });
        expect(await face.deleteTokenCookie()).to.have.property("data");
        expect(await face.deleteRefreshTokenCookie()).to.have.property("data");

        expect(browser.bodies).to.have.length.above(7);
        for (const token of tokens) expect(browser.bodies.join("\n")).to.not.include(token);
        expect(browser.bodies.join("\n")).to.not.match(/eyJ|"token"|"refreshToken":"/);
      });
    }

    it("leaves the fields out of the schema", async () => {
      const { body } = await graphql<Record<string, { fields: { name: string }[] }>>(
        `${context.url}/graphql`,
        '{ login: __type(name: "ObtainJSONWebToken") { fields { name } } refresh: __type(name: "Refresh") { fields { name } } }',
      );
      const names = Object.values(body.data ?? {}).map(({ fields }) => fields.map(({ name }) => name));
      expect(names).to.deep.equal([
        ["payload", "refreshExpiresIn", "user"],
        ["payload", "refreshExpiresIn"],
      ]);
    });

    for (const field of ["token", "refreshToken"]) {
      it(`knows no field ${field}, at a login or a refresh`, async () => {
        const { username } = await context.createUser();
        for (const [operation, type] of [
          [`tokenAuth(username: "${username}", password: "${PASSWORD}")`, "ObtainJSONWebToken"],
          ["refreshToken", "Refresh"],
        ] as const) {
          const { status, body } = await graphql(`${context.url}/graphql`, `mutation { ${operation} { ${field} } }`);
          expect(status).to.equal(400);
          expect(body.errors?.[0]?.message).to.match(new RegExp(`^Cannot query field "${field}" on type "${type}"\\.`));
        }
        expect(context.hasher.runs).to.equal(0);
      });
    }
  });
}
