import { expect } from "chai";
import { janusAuthHere } from "../support/command-line.js";
import { onEachDatabase } from "../support/databases.js";
import { graphql } from "../support/http.js";
import { withServer } from "../support/running-server.js";
import { TestClock } from "../support/test-clock.js";

const USER = "{ username email isStaff isSuperuser roles permissions }";
const LOGIN = `mutation ($username: String!, $password: String!) {
  tokenAuth(username: $username, password: $password) { token refreshToken user ${USER} }
}`;
const REFRESH = "mutation ($refreshToken: String) { refreshToken(refreshToken: $refreshToken) { token } }";

interface Login {
  readonly tokenAuth: { readonly token: string; readonly refreshToken: string; readonly user: object } | null;
}

onEachDatabase("janus-auth", (createDatabase) => {
  let environment: { readonly DATABASE_URL: string; readonly SECRET_KEY: string };
  before(async () => {
    environment = { DATABASE_URL: await createDatabase(), SECRET_KEY: "k".repeat(64) };
    await janusAuthHere(["migrate"], { environment });
  });

  const login = (url: string, username: string, password: string) =>
    graphql<Login>(`${url}/graphql`, LOGIN, { username, password });

  describe("create-user", () => {
    it("creates a user who can log in, with everything that was asked for", async () => {
      const options = "--email alice@example.com --staff --superuser --role editor author --role chef";
      const args = ["create-user", "alice", ...options.split(" "), "--permission", "recipes.edit", "--password-stdin"];
      expect(await janusAuthHere(args, { environment, input: "s3cret\n" })).to.deep.equal({
        code: 0,
        stdout: "Created the user alice.\n",
        stderr: "",
      });
      await withServer({ environment }, async ({ url, firstUser }) => {
        expect(firstUser).to.equal(null);
        const { body } = await login(url, "alice", "s3cret");
        expect(body.data?.tokenAuth?.user).to.deep.equal({
          username: "alice",
          email: "alice@example.com",
          isStaff: true,
          isSuperuser: true,
          roles: ["editor", "author", "chef"],
          permissions: ["recipes.edit"],
        });
      });
    });

    it("gives a user no rights by itself, and lets nobody inactive log in", async () => {
      const input = "s3cret";
      await janusAuthHere(["create-user", "bob", "--password-stdin"], { environment, input });
      await janusAuthHere(["create-user", "carol", "--inactive", "--password-stdin"], { environment, input });
      await withServer({ environment }, async ({ url }) => {
        const bob = await login(url, "bob", "s3cret");
        expect(bob.body.data?.tokenAuth?.user).to.deep.equal({
          username: "bob",
          email: null,
          isStaff: false,
          isSuperuser: false,
          roles: [],
          permissions: [],
        });
        const carol = await login(url, "carol", "s3cret");
        expect(carol.body.errors?.[0]?.extensions?.code).to.equal("INVALID_CREDENTIALS");
      });
    });

    const refused: [string[], string, string[]][] = [
      [
        ["create-user", "dave"],
        "s3cret",
        ["there is no terminal to ask for the password on: pipe it in, with --password-stdin"],
      ],
      [["create-user", "dave", "--password-stdin"], "", ["The password must not be empty"]],
      [
        ["create-user", "two words", "--email", "nowhere", "--password-stdin"],
        "s3cret",
        ["The username may contain only letters, digits and @ . + - _", "The e-mail address is not valid"],
      ],
    ];
    for (const [args, input, messages] of refused) {
      it(`refuses ${args.join(" ")} with ${JSON.stringify(input)} on standard input`, async () => {
        const stderr = messages.map((message) => `janus-auth: ${message}\n`).join("");
        expect(await janusAuthHere(args, { environment, input })).to.deep.equal({ code: 1, stdout: "", stderr });
      });
    }

    it("refuses a name that is taken", async () => {
      const args = ["create-user", "erin", "--password-stdin"];
      await janusAuthHere(args, { environment, input: "s3cret" });
      expect(await janusAuthHere(args, { environment, input: "s3cret" })).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "janus-auth: A user with this username or e-mail address already exists\n",
      });
    });

    it("asks for the address where that is what users log in with", async () => {
      const byEmail = { ...environment, JWT_USERNAME_FIELD: "email" };
      const args = ["create-user", "frank", "--password-stdin"];
      expect(await janusAuthHere(args, { environment: byEmail, input: "s3cret" })).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "janus-auth: users log in with their e-mail address (JWT_USERNAME_FIELD): give one with --email\n",
      });
      const withAddress = [...args, "--email", "frank@example.com"];
      expect(await janusAuthHere(withAddress, { environment: byEmail, input: "s3cret" })).to.have.property("code", 0);
      await withServer({ environment: byEmail }, async ({ url }) => {
        const { body } = await login(url, "frank@example.com", "s3cret");
        expect(body.data?.tokenAuth?.user).to.have.property("email", "frank@example.com");
      });
    });
  });

  describe("set-password", () => {
    it("replaces the password, and ends every session from before while the server runs", async () => {
      const clock = new TestClock();
      const input = "old";
      await janusAuthHere(["create-user", "grace", "--password-stdin"], { environment, input, clock });
      await withServer({ environment, clock }, async ({ url }) => {
        const before = (await login(url, "grace", "old")).body.data?.tokenAuth;
        clock.advance(60);
        expect(
          await janusAuthHere(["set-password", "grace", "--password-stdin"], { environment, input: "new", clock }),
        ).to.deep.equal({
          code: 0,
          stdout: "Set the password of grace. Sessions and tokens from before are refused from now on.\n",
          stderr: "",
        });

        const refreshed = await graphql(`${url}/graphql`, REFRESH, { refreshToken: before?.refreshToken });
        expect(refreshed.body.errors?.[0]?.message).to.equal("Invalid refresh token");
        const me = await graphql(
          `${url}/graphql`,
          "{ me { username } }",
          {},
          { authorization: `JWT ${before?.token}` },
        );
        expect(me.status).to.equal(401);
        expect((await login(url, "grace", "old")).body.errors?.[0]?.message).to.equal("Please enter valid credentials");
        expect((await login(url, "grace", "new")).body.data?.tokenAuth).to.have.property("token");
      });
    });

    it("ends the sessions of a server whose clock is ahead, too, in any spelling of the name", async () => {
      const clock = new TestClock();
      await janusAuthHere(["create-user", "Ivan", "--password-stdin"], { environment, input: "old", clock });
      await withServer({ environment, clock }, async ({ url }) => {
        clock.advance(60);
        const before = (await login(url, "Ivan", "old")).body.data?.tokenAuth;
        clock.advance(-59);
        await janusAuthHere(["set-password", "Ｉｖａｎ", "--password-stdin"], { environment, input: "new", clock });
        const refreshed = await graphql(`${url}/graphql`, REFRESH, { refreshToken: before?.refreshToken });
        expect(refreshed.body.errors?.[0]?.message).to.equal("Invalid refresh token");
      });
    });

    it("refuses a user who does not exist, before it asks for a password", async () => {
      expect(await janusAuthHere(["set-password", "nobody"], { environment })).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "janus-auth: there is no user nobody\n",
      });
    });

    it("refuses an empty password, and leaves the old one", async () => {
      await janusAuthHere(["create-user", "heidi", "--password-stdin"], { environment, input: "old" });
      expect(
        await janusAuthHere(["set-password", "heidi", "--password-stdin"], { environment, input: "\n" }),
      ).to.deep.equal({
        code: 1,
        stdout: "",
        stderr: "janus-auth: The password must not be empty\n",
      });
      await withServer({ environment }, async ({ url }) => {
        expect((await login(url, "heidi", "old")).body.data?.tokenAuth).to.have.property("token");
      });
    });
  });
});
