import { join } from "node:path";
import { expect } from "chai";
import { createDataSource } from "../../src/database/data-source.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { until } from "../support/until.js";
import { createTRPCClient, httpLink } from "@trpc/client";
import type { AuthRouter } from "../../src/client/index.js";
import { outcomeOf } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { freePort } from "../support/free-port.js";
import { graphql, post } from "../support/http.js";
import { RawConnection } from "../support/raw-connection.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { example, type ExampleProcess } from "./running/example.js";

const DENIED = "You do not have permission to perform this action";
const ADD = 'mutation { addRecipe(title: "Soup") }';
const PASSWORDS = { ada: "lovelace", grace: "hopper" };

for (const name of ["embed-express", "embed-fastify"]) {
  describe(`examples/${name}`, function () {
    this.timeout(60_000); // Compiling and starting, on a busy machine.

    const shown = example(name);
    const directory = temporaryDirectory();
    let host: ExampleProcess;
    let url: string;

    async function environment(database: string) {
      const port = String(await freePort());
      return { PORT: port, SECRET_KEY, DATABASE_URL: `sqlite:${join(directory.path(), database)}` };
    }

    before(async () => {
      host = shown.start(await environment("shared.sqlite"));
      url = await host.until(/^Recipes on (\S+)$/m);
    });
    after(() => host.kill());
    afterEach(() => expect(host.stderr).to.equal(""));

    const trpc = (router = "trpc") => createTRPCClient<AuthRouter>({ links: [httpLink({ url: `${url}/${router}` })] });

    async function login(username: keyof typeof PASSWORDS) {
      const { body } = await post(`${url}/trpc/auth.tokenAuth`, { username, password: PASSWORDS[username] });
      const { token, refreshToken } = JSON.parse(body).result.data as { token: string; refreshToken: string };
      return { token, refreshToken, headers: { authorization: `JWT ${token}` } };
    }

    async function recipes(): Promise<string[]> {
      const { body } = await graphql<{ recipes: string[] }>(`${url}/graphql`, "{ recipes }");
      return body.data?.recipes ?? [];
    }

    async function sessionOf(token: string): Promise<RefreshToken | null> {
      const { sid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sid: string };
      const settings = { url: `sqlite:${join(directory.path(), "shared.sqlite")}`, entities: [RefreshToken] };
      const dataSource = await createDataSource(settings).initialize();
      try {
        return await dataSource.getRepository(RefreshToken).findOneBy({ id: sid });
      } finally {
        await dataSource.destroy();
      }
    }

    it("logs its own users in over GraphQL and tRPC, and nobody else", async () => {
      const query =
        "mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { user { username } } }";
      const { body, headers } = await graphql(`${url}/graphql`, query, { u: "grace", p: PASSWORDS.grace });
      expect(body).to.deep.equal({ data: { tokenAuth: { user: { username: "grace" } } } });
      expect(headers.get("cache-control")).to.equal("no-store");
      for (const username of ["ada", "nobody"]) {
        const wrong = await graphql(`${url}/graphql`, query, { u: username, p: "wrong" });
        const extensions = { code: "INVALID_CREDENTIALS" };
        expect(wrong.body.errors?.[0]).to.deep.include({ message: "Please enter valid credentials", extensions });
      }
    });

    it("refuses to be guessed, and says when to try again", async () => {
      const attempt = () => post(`${url}/trpc/auth.tokenAuth`, { username: "charles", password: "wrong" });
      for (let attempts = 0; attempts < 10; attempts += 1) expect((await attempt()).status).to.equal(401);
      const { status, headers } = await attempt();
      expect(status).to.equal(429);
      expect(Number(headers.get("retry-after"))).to.be.within(1, 900);
    });

    it("keeps sessions in its database: a refresh moves the row on, a logout ends it and its access token", async () => {
      const { token, refreshToken, headers } = await login("ada");
      expect(await sessionOf(token)).to.include({ user: "ada", generation: 0, revoked: null, address: "127.0.0.1" });
      const refreshed = await post(`${url}/trpc/auth.refreshToken`, { refreshToken });
      const next = JSON.parse(refreshed.body).result.data.refreshToken as string;
      expect(await sessionOf(token)).to.include({ generation: 1, revoked: null });
      await post(`${url}/trpc/auth.revokeToken`, { refreshToken: next });
      expect((await sessionOf(token))?.revoked).to.be.instanceOf(Date);
      expect((await graphql(`${url}/graphql`, "{ greeting }", {}, headers)).status).to.equal(401);
    });

    it("asks the same rules of resolvers and procedures, and runs nothing that they deny", async () => {
      const before = await recipes();
      const [ada, grace] = [await login("ada"), await login("grace")];
      for (const [headers, code, status] of [
        [{}, "UNAUTHENTICATED", 401],
        [grace.headers, "FORBIDDEN", 403],
      ] as const) {
        const { body } = await graphql(`${url}/graphql`, ADD, {}, headers);
        expect(body.data).to.equal(null);
        expect(body.errors?.[0]).to.deep.include({ message: DENIED, extensions: { code } });
        const denied = await post(`${url}/trpc/addRecipe`, "Soup", headers);
        expect(denied.status).to.equal(status);
        expect(JSON.parse(denied.body).error)
          .to.deep.include({ message: DENIED })
          .and.to.have.nested.property("data.errorCode", code);
      }
      expect(await recipes()).to.deep.equal(before);
      const added = await graphql(`${url}/graphql`, ADD, {}, ada.headers);
      expect(added.body).to.deep.equal({ data: { addRecipe: [...before, "Soup"] } });
      const pie = await post(`${url}/trpc/addRecipe`, "Pie", ada.headers);
      expect(JSON.parse(pie.body)).to.deep.equal({ result: { data: [...before, "Soup", "Pie"] } });
      const greeting = await graphql(`${url}/graphql`, "{ greeting }", {}, grace.headers);
      expect(greeting.body).to.deep.equal({ data: { greeting: "Hello, grace" } });
    });

    it("answers a bad token with 401 whatever the URL, each client in its form", async () => {
      const bad = { authorization: "JWT not.a.token" };
      for (const path of ["/graphql", "/nowhere"]) {
        const { status, headers, body } = await post(url + path, { query: "{ recipes }" }, bad);
        expect([status, headers.get("www-authenticate")]).to.deep.equal([401, 'JWT error="invalid_token"']);
        expect(JSON.parse(body).errors[0]).to.include({ message: "Invalid token", code: "unauthorized" });
      }
      const client = createTRPCClient<AuthRouter>({ links: [httpLink({ url: `${url}/trpc`, headers: bad })] });
      const outcome = await outcomeOf(client.me.query());
      expect(outcome).to.deep.equal({ code: "INVALID_TOKEN", message: "Invalid token", status: 401 });
      expect(await outcomeOf(trpc().me.query())).to.include({ code: "NOT_FOUND", status: 404 });
    });

    it("answers malformed and too large bodies, and logs none of them", async () => {
      for (const path of ["/graphql", "/trpc/auth.tokenAuth"]) {
        const headers = { "content-type": "application/json" };
        const statusOf = async (body: string) => {
          const answer = await fetch(url + path, { method: "POST", headers, body });
          expect(await answer.text()).to.match(/"code":"|"errorCode":"/); // One of ours, whoever refuses.
          return answer.status;
        };
        expect(await statusOf('{"query":')).to.equal(400);
        expect(await statusOf(JSON.stringify({ query: "#".repeat(70_000) }))).to.equal(413);
      }
      expect((await fetch(`${url}/trpc/%E0%A4%A`)).status).to.equal(400);
    });

    it("stops when the running request is answered", async () => {
      const second = shown.startCompiled("server.js", await environment("second.sqlite"));
      try {
        const address = await second.until(/^Recipes on (\S+)$/m);
        const body = JSON.stringify({ query: "{ recipes }" });
        const running = await RawConnection.open(address);
        const head = ["POST /graphql HTTP/1.1", `host: ${new URL(address).host}`, "content-type: application/json"];
        const more = [`content-length: ${body.length}`, "expect: 100-continue", "\r\n"];
        running.send([...head, ...more].join("\r\n"));
        await until(() => running.received.includes("100 Continue"));
        second.stop();
        await until(() =>
          fetch(address).then(
            () => false,
            () => true,
          ),
        ); // It takes no new connections.
        running.send(body);
        await until(() => running.received.includes('{"data":{"recipes":["Bread"]}}'));
        running.close();
        expect(await second.ended).to.deep.include({ code: 0, stderr: "" });
      } finally {
        await second.kill();
      }
    });

    it("does not start without a secret key, and says so", async () => {
      const { SECRET_KEY: _, ...without } = await environment("third.sqlite");
      const { code, stderr } = await shown.startCompiled("server.js", without).ended;
      expect(code).to.equal(1);
      expect(stderr).to.match(/SettingsError: .*secretKey/s);
    });
  });
}
