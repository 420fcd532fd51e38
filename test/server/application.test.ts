import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Logger } from "../../src/logger.js";
import { type Application, openApplication } from "../../src/server/application.js";
import { SettingsError } from "../../src/settings/settings-error.js";
import { MysqlDatabases } from "../support/mysql-databases.js";
import { orSkip } from "../support/or-skip.js";
import { rejection } from "../support/rejection.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const SECRET_KEY = "k".repeat(64);

describe("openApplication", () => {
  const parent = temporaryDirectory();
  let count = 0;
  let dataDirectory: string;
  let warned: string[];
  let logger: Logger;
  beforeEach(() => {
    count += 1;
    dataDirectory = join(parent.path(), String(count));
    warned = [];
    logger = { info() {}, warn: (_details, message) => void warned.push(message), error() {} };
  });

  /** What an application says of itself, closed again. */
  async function open(environment: Record<string, string>): Promise<Pick<Application, "config" | "warnings">> {
    const application = await openApplication({
      environment: { JANUS_DATA_DIR: dataDirectory, ...environment },
      logger,
    });
    await application.close();
    await application.close(); // A second time does nothing.
    return application;
  }

  it("keeps a database and a secret key in the data folder where the environment names none", async () => {
    const first = await open({});
    expect(first.config.databaseUrl).to.equal(`sqlite:${join(dataDirectory, "janus.sqlite")}`);
    expect(first.config.secretKey).to.be.a("string");
    expect((await open({})).config.secretKey).to.equal(first.config.secretKey);
    expect(first.warnings).to.deep.equal([]);
  });

  it("makes no data folder where the environment names both", async () => {
    await open({ SECRET_KEY, DATABASE_URL: `sqlite:${join(parent.path(), "elsewhere.sqlite")}` });
    expect(existsSync(dataDirectory)).to.equal(false);
  });

  it("makes no secret key beside JWT_SECRET_KEY, which signs refresh tokens then", async () => {
    const { config } = await open({ JWT_SECRET_KEY: SECRET_KEY });
    expect(config.secretKey).to.equal(undefined);
    expect(existsSync(join(dataDirectory, "SECRET_KEY"))).to.equal(false);
  });

  it("warns of weak settings", async () => {
    const { warnings } = await open({ SECRET_KEY: "short", JWT_PROFILE: "documented" });
    const short = "SECRET_KEY has 5 bytes: a secret needs 32 or more";
    expect(warnings).to.deep.equal(["verifyExpiration is false: expired tokens are accepted", short]);
    expect(warned).to.deep.equal(warnings);
    const error = await rejection(open({ SECRET_KEY: "short" }));
    expect(error).to.have.property("message", `The settings are not valid:\n${short}`);
  });

  it("refuses a natural key that its users do not have, unless they come from elsewhere", async () => {
    const wrong = { JWT_USERNAME_FIELD: "login", SECRET_KEY };
    const error = await rejection(open(wrong));
    expect(error).to.be.instanceOf(SettingsError);
    expect(error).to.have.deep.property("problems", [
      { setting: "JWT_USERNAME_FIELD", problem: "must be username or email: this server's users have no login" },
    ]);
    await parent.write("handler.mjs", "export const find = () => null;");
    const handler = `${join(parent.path(), "handler.mjs")}#find`;
    await open({ ...wrong, JWT_GET_USER_BY_NATURAL_KEY_HANDLER: handler });
  });

  describe("on a database that other servers may share", () => {
    const databases = new MysqlDatabases();
    before(orSkip(() => databases.open()));
    after(() => databases.close());

    it("warns that a generated key is this server's own", async () => {
      const environment = { DATABASE_URL: await databases.create() };
      const { warnings } = await open(environment);
      expect(warnings).to.deep.equal([
        `SECRET_KEY is not set: the one in ${dataDirectory} is this server's own, others on this database need it too`,
      ]);
      expect(warned).to.deep.equal(warnings);
      expect((await open({ ...environment, SECRET_KEY })).warnings).to.deep.equal([]);
      expect((await open({ ...environment, JWT_SECRET_KEY: SECRET_KEY })).warnings).to.deep.equal([]);
    });
  });
});
