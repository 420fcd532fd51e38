import { CommanderError } from "commander";
import { expect } from "chai";
import { CommandError } from "../../src/cli/command-error.js";
import { describeFailure } from "../../src/cli/failure.js";
import { DatabaseConnectError } from "../../src/database/connect.js";
import { DatabaseError } from "../../src/database/database-error.js";
import { DatabaseUrlError } from "../../src/database/database-url.js";
import { BadUserInputError, ServiceUnavailableError } from "../../src/errors.js";
import { ListenError } from "../../src/server/index.js";
import { SettingsError } from "../../src/settings/settings-error.js";

describe("describeFailure", () => {
  const unavailable = (code: string, message: string) =>
    new ServiceUnavailableError({ cause: new DatabaseError(message, code, null, "SELECT 1") });

  const cases: [string, unknown, number, string[]][] = [
    ["help that was asked for", new CommanderError(0, "commander.helpDisplayed", "(help)"), 0, []],
    ["a command line that Commander refused", new CommanderError(1, "commander.unknownOption", "error: …"), 2, []],
    ["a command that cannot", new CommandError("there is no user bob"), 1, ["there is no user bob"]],
    [
      "every wrong setting",
      new SettingsError([
        { setting: "PORT", problem: "must be a port number" },
        { setting: "JWT_ALGORITHM", problem: "must be one of\n  HS256" },
      ]),
      78,
      ["PORT must be a port number", "JWT_ALGORITHM must be one of HS256"],
    ],
    ["a wrong URL", new DatabaseUrlError("The host is missing"), 78, ["DATABASE_URL: The host is missing"]],
    [
      "a database that is not there",
      new DatabaseConnectError("SQLite in x cannot be opened", null),
      69,
      ["SQLite in x cannot be opened"],
    ],
    [
      "a database that is gone",
      unavailable("ECONNRESET", "read ECONNRESET"),
      69,
      ["the database cannot be reached: read ECONNRESET"],
    ],
    [
      "a locked SQLite file",
      unavailable("SQLITE_BUSY", "database is locked"),
      69,
      ["the database is locked by another process: try again when it is done"],
    ],
    [
      "a connection that broke during a migration",
      new DatabaseError("read ECONNRESET", "ECONNRESET", -104, null),
      69,
      ["the database cannot be reached: read ECONNRESET"],
    ],
    [
      "a migration that failed",
      new DatabaseError("Duplicate column name 'hash'", "ER_DUP_FIELDNAME", 1060, "ALTER TABLE x"),
      1,
      ["Duplicate column name 'hash'"],
    ],
    [
      "every wrong argument",
      new BadUserInputError([
        { argument: "username", problem: "The username must not be empty" },
        { argument: "email", problem: "The e-mail address is not valid" },
      ]),
      1,
      ["The username must not be empty", "The e-mail address is not valid"],
    ],
    ["a port that is taken", new ListenError("port 1 is in use"), 1, ["port 1 is in use"]],
    ["anything else", new TypeError("x is not\na function"), 1, ["x is not a function"]],
    ["what is no error", "text", 1, ["something unknown went wrong"]],
  ];
  for (const [what, error, exitCode, lines] of cases) {
    it(`tells of ${what}`, () => expect(describeFailure(error)).to.deep.equal({ exitCode, lines }));
  }
});
