import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { NOW, testContext } from "../support/test-context.js";
import { ask, data, refused } from "./ask.js";
import { VERIFY } from "./queries.js";
import { A } from "./sections.js";

onEachDatabase(A.title, (createDatabase) => {
  const context = testContext(A.settings, createDatabase);

  it("verifyToken, valid", async () => {
    const { token, username } = await context.login();
    const payload = { username, exp: NOW + 3600, origIat: NOW };
    expect(await ask(context, VERIFY, { t: token })).to.deep.equal(data({ verifyToken: { payload } }));
  });

  const undecodable: [name: string, token: () => string][] = [
    ["garbage", () => "garbage"],
    ["wrong signature", () => context.token({ username: "alice" }, { secret: "other" })],
    ["empty string", () => ""],
  ];
  for (const [name, token] of undecodable) {
    it(`verifyToken, ${name}`, async () => {
      expect(await ask(context, VERIFY, { t: token() })).to.deep.equal(
        refused("verifyToken", "Error decoding signature", "INVALID_TOKEN"),
      );
    });
  }

  it("verifyToken, expired", async () => {
    const t = context.token({ username: "alice", exp: NOW - 1 });
    expect(await ask(context, VERIFY, { t })).to.deep.equal(
      refused("verifyToken", "Signature has expired", "TOKEN_EXPIRED"),
    );
  });

  it("verifyToken, token argument missing", async () => {
    expect(await ask(context, "mutation { verifyToken { payload } }")).to.deep.equal(
      refused("verifyToken", "Token is required", "TOKEN_REQUIRED", 12),
    );
  });

  it("verifyToken, unknown user in payload", async () => {
    const payload = { username: "ghost", exp: NOW + 300, origIat: NOW };
    expect(await ask(context, VERIFY, { t: context.token(payload) })).to.deep.equal(data({ verifyToken: { payload } }));
  });
});
