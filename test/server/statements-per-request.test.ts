import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, withToken } from "../support/faces.js";
import { postRequest, sendRaw } from "../support/raw-http.js";
import { statementsDuring } from "../support/statements.js";
import { PASSWORD, testContext } from "../support/test-context.js";

/** Their store has statements of its own, some of them by chance. */
const NO_LIMITS = {
  JWT_LOGIN_LIMIT_PER_NAME_AND_ADDRESS: "none",
  JWT_LOGIN_LIMIT_PER_ADDRESS: "none",
  JWT_LOGIN_LIMIT_PER_NAME: "none",
};

/**
 * Work that is counted, not timed: a statement more in one of these is a slip that no noisy machine would show. Both
 * profiles alike, but that `documented` looks at the user alone.
 */
for (const [profile, look, values] of [
  // Of a rotation the key twice and the generation for each, and when it is for all of them.
  ["hardened", "SELECT JOIN", 16 * 3 + 2],
  // Here refresh tokens do not rotate: the id for each, and when it is for all.
  ["documented", "SELECT", 16 + 1],
] as const) {
  onEachDatabase(`the statements of a request, profile ${profile}`, (createDatabase) => {
    const context = testContext(
      {
        ...NO_LIMITS,
        JWT_PROFILE: profile,
        ...(profile === "documented" && { JWT_LONG_RUNNING_REFRESH_TOKEN: "true" }),
      },
      createDatabase,
    );

    /** Their first words, and whether they join. */
    async function during(happen: () => Promise<unknown>): Promise<string[]> {
      const sent = await statementsDuring(context.server.application.dataSource, happen);
      return sent.map((sql) => (/ JOIN /.test(sql) ? "SELECT JOIN" : (sql.split(" ")[0] ?? "")));
    }

    for (const face of context.faces) {
      it(`are as few as they can be, over ${face.name}`, async () => {
        const { username } = await context.createUser();
        const password = PASSWORD;
        let [token, refreshToken] = ["", ""];
        const login = async () =>
          ({ token, refreshToken } = dataOf(await face.tokenAuth({ username, password })) as never);
        // The user once more when the session is there: the password may have been changed since it was looked at.
        expect(await during(login), "tokenAuth").to.deep.equal(["SELECT", "INSERT", "SELECT"]);

        const me = async () => expect(dataOf(await face.me(withToken(token)))?.username).to.equal(username);
        expect(await during(me), "me").to.deep.equal([look]);

        const refresh = async () =>
          ({ token, refreshToken } = dataOf(await face.refreshToken({ refreshToken })) as never);
        expect(await during(refresh), "refreshToken").to.deep.equal(["SELECT JOIN", "UPDATE"]);

        const verify = async () => dataOf(await face.verifyToken({ token }));
        expect(await during(verify), "verifyToken").to.deep.equal(profile === "hardened" ? [look] : []);

        const list = async () => expect(dataOf(await face.sessions({}, withToken(token)))).to.have.length(1);
        // The account service looks at the user itself, because a host application may call it without a token.
        expect(await during(list), "sessions").to.deep.equal([look, "SELECT", "SELECT"]);

        const revoke = async () => dataOf(await face.revokeToken({ refreshToken }));
        expect(await during(revoke), "revokeToken").to.deep.equal(["SELECT JOIN", "UPDATE"]);

        const wrong = async () =>
          expect(await face.tokenAuth({ username, password: "wrong" })).to.have.property("code");
        expect(await during(wrong), "a wrong password").to.deep.equal(["SELECT"]);

        const forged = async () => expect(await face.refreshToken({ refreshToken: "forged" })).to.have.property("code");
        expect(await during(forged), "a forged refresh token").to.deep.equal([]);
      });
    }

    it("are as few for sixteen refreshes that arrive together as for one, where a statement is a round trip", async () => {
      const { username } = await context.createUser();
      const opened = await Promise.all(Array.from({ length: 16 }, () => context.loginAgain(username)));
      let tokens = opened.map(({ refreshToken }) => refreshToken);
      const refresh = async () => {
        const requests = tokens.map((refreshToken) => {
          return postRequest("/trpc/auth.refreshToken", JSON.stringify({ refreshToken }));
        });
        const answers = await sendRaw(context.url, requests.join(""), requests.length);
        tokens = answers.map(({ body }) => (JSON.parse(body) as Refreshed).result.data.refreshToken);
      };
      await refresh(); // Until then another client has the sessions.
      const { dataSource } = context.server.application;
      const [select, ...updates] = await statementsDuring(dataSource, refresh);
      expect(select).to.match(/^SELECT .* JOIN /);
      if (dataSource.options.type === "better-sqlite3") return void expect(updates).to.have.length(16);
      expect(updates).to.have.length(1);
      expect(updates[0]?.match(/\?/g)).to.have.length(values);
    });
  });
}

interface Refreshed {
  readonly result: { readonly data: { readonly refreshToken: string } };
}
