import { createTRPCClient, httpLink } from "@trpc/client";
import { expect } from "chai";
import type { DataSource } from "typeorm";
import { createAuth, createDataSource, PasswordHasher, RefreshToken } from "../../src/index.js";
import { onEachDatabase } from "../support/databases.js";
import { outcomeOf } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { TestClock } from "../support/test-clock.js";
import { dataSources } from "./host/data-sources.js";
import { Members } from "./host/members.js";
import { nodeHttpHost } from "./host/node-http-host.js";
import type { HostRouter } from "./host/recipe-router.js";
import { Recipes } from "./host/recipes.js";
import { RecipeRow } from "./host/recipe-row.js";

const PASSWORD = "with a pinch of salt";
const members = new Members(new PasswordHasher({ memoryCost: 8, timeCost: 1 }));
before(() => members.add({ email: "nora@example.org", kitchen: "north" }, PASSWORD));

const authOptions = {
  users: members,
  secretKey: "the secret key of the host application",
  settings: { usernameField: "email" },
  defaultProfile: "hardened",
  clock: new TestClock(),
} as const;

onEachDatabase("a host application with refresh tokens in its own data source", (createDatabase) => {
  for (const [making, connect] of Object.entries(dataSources)) {
    describe(making, () => {
      let dataSource: DataSource;
      let host: Listening;

      before(async () => {
        dataSource = await connect(await createDatabase());
        const auth = await createAuth({ ...authOptions, dataSource });
        host = await listen(
          await nodeHttpHost(auth, new Recipes(), (error) => {
            throw error;
          }),
        );
      });
      after(() => host.close());
      after(() => dataSource.destroy());

      const client = (token?: string) =>
        createTRPCClient<HostRouter>({
          links: [
            httpLink({
              url: `${host.url}/trpc`,
              headers: token === undefined ? {} : { authorization: `JWT ${token}` },
            }),
          ],
        });

      it("has the tables of both, and none of our users", async () => {
        await dataSource.getRepository(RecipeRow).insert({ title: "Bread" });
        expect(await dataSource.getRepository(RecipeRow).countBy({ title: "Bread" })).to.equal(1);
        expect(await dataSource.getRepository(RefreshToken).count()).to.equal(0);
        const queryRunner = dataSource.createQueryRunner();
        try {
          expect(await queryRunner.hasTable("janus_user")).to.equal(false);
        } finally {
          await queryRunner.release();
        }
      });

      it("logs in, rotates on either face, and logs out for both", async () => {
        const mutation = `mutation ($username: String!, $password: String!) {
          tokenAuth(username: $username, password: $password) { refreshToken }
        }`;
        const login = await graphql<{ tokenAuth: { refreshToken: string } }>(`${host.url}/graphql`, mutation, {
          username: "nora@example.org",
          password: PASSWORD,
        });
        const { refreshToken } = login.body.data?.tokenAuth ?? {};
        const rotated = await client().auth.refreshToken.mutate({ refreshToken });
        expect(rotated.refreshToken).to.be.a("string").that.does.not.equal(refreshToken);
        expect(await client(rotated.token).auth.me.query()).to.deep.include({ username: "nora@example.org" });

        const [session] = await dataSource.getRepository(RefreshToken).find();
        expect(session).to.deep.include({
          user: "nora@example.org",
          generation: 1,
          address: "127.0.0.1",
          revoked: null,
        });
        expect(session?.rotated.toISOString()).to.equal("2024-01-01T00:00:00.000Z");

        await client().auth.revokeToken.mutate({ refreshToken: rotated.refreshToken });
        expect(await outcomeOf(client(rotated.token).auth.me.query())).to.deep.equal({
          code: "INVALID_TOKEN",
          message: "Invalid token",
          status: 401,
        });
      });
    });
  }
});

describe("createAuth with refresh tokens and a data source that does not fit", () => {
  async function refusal(options: { secretKey?: string; dataSource?: DataSource }): Promise<string> {
    const { secretKey: _, ...others } = authOptions;
    const outcome: unknown = await createAuth({ ...others, ...options }).catch((error: unknown) => error);
    if (outcome instanceof Error) return outcome.message;
    throw new Error("it was built");
  }
  const { secretKey } = authOptions;
  const sqlite = (entities: [typeof RecipeRow | typeof RefreshToken]) =>
    createDataSource({ url: "sqlite::memory:", entities, migrations: [] });

  it("says that there is none", async () => {
    expect(await refusal({ secretKey })).to.equal(
      "The settings are not valid:\nlongRunningRefreshToken needs the option dataSource of createAuth",
    );
  });

  it("says that it is not connected", async () => {
    expect(await refusal({ secretKey, dataSource: sqlite([RefreshToken]) })).to.equal(
      "The settings are not valid:\nlongRunningRefreshToken needs a data source that is connected: initialize() it first",
    );
  });

  it("says which entity it lacks", async () => {
    const dataSource = await sqlite([RecipeRow]).initialize();
    try {
      expect(await refusal({ secretKey, dataSource })).to.equal(
        "The settings are not valid:\nlongRunningRefreshToken needs RefreshToken among the entities of the data source",
      );
    } finally {
      await dataSource.destroy();
    }
  });
});
