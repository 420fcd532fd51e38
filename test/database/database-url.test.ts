import { expect } from "chai";
import { DatabaseUrlError, parseDatabaseUrl } from "../../src/database/database-url.js";

const SERVER = {
  type: "mysql",
  hosts: [{ host: "db.example", port: 3306 }],
  username: "janus",
  password: "secret",
  database: "auth",
  poolSize: 32,
  tls: false,
};

describe("parseDatabaseUrl", () => {
  const readable: [string, object][] = [
    ["sqlite:janus.sqlite", { type: "sqlite", path: "janus.sqlite" }],
    ["sqlite:.janus/a b%20c.sqlite", { type: "sqlite", path: ".janus/a b%20c.sqlite" }],
    ["sqlite:/var/lib/janus.sqlite", { type: "sqlite", path: "/var/lib/janus.sqlite" }],
    ["sqlite:///var/lib/janus.sqlite", { type: "sqlite", path: "/var/lib/janus.sqlite" }],
    ["SQLite::memory:", { type: "sqlite", path: ":memory:" }],
    ["mysql://janus:secret@db.example/auth", SERVER],
    ["mariadb://janus:secret@db.example/auth", { ...SERVER, type: "mariadb" }],
    ["mysql://janus:secret@db.example:3307/auth", { ...SERVER, hosts: [{ host: "db.example", port: 3307 }] }],
    ["mysql://janus:secret@[::1]/auth", { ...SERVER, hosts: [{ host: "::1", port: 3306 }] }],
    ["mysql://j%40nus:s%2Fcr%3At@db.example/%61uth", { ...SERVER, username: "j@nus", password: "s/cr:t" }],
    ["mysql://janus:secret@192.0.2.1/auth?tls=false", { ...SERVER, hosts: [{ host: "192.0.2.1", port: 3306 }] }],
    ["mysql://janus:secret@db.example/auth?poolSize=5&tls=true", { ...SERVER, poolSize: 5, tls: true }],
    [
      "mariadb://janus:secret@db.example:3307,[::1],c.example:3309/auth?poolSize=5",
      {
        ...SERVER,
        type: "mariadb",
        hosts: [
          { host: "db.example", port: 3307 },
          { host: "::1", port: 3306 },
          { host: "c.example", port: 3309 },
        ],
        poolSize: 5,
      },
    ],
    ["mysql://janus:a,b@db.example/auth", { ...SERVER, password: "a,b" }],
    ["mysql://db.example/auth", { ...SERVER, username: "", password: "" }],
  ];
  for (const [url, target] of readable) {
    it(`reads ${url}`, () => {
      expect(parseDatabaseUrl(url)).to.deep.equal(target);
    });
  }

  const forms =
    "use sqlite:PATH, mysql://USER:PASSWORD@HOST:PORT/DATABASE or mariadb://USER:PASSWORD@HOST:PORT/DATABASE";
  const option = 'Unknown option "{}", or value that it does not take: known are poolSize=1..9999 and tls=true|false';
  const unreadable: [string, string][] = [
    ["", `The URL of the database has no scheme: ${forms}`],
    ["janus.sqlite", `The URL of the database has no scheme: ${forms}`],
    ["postgres://janus:hunter2@db.example/auth", `Unknown kind of database "postgres:": ${forms}`],
    ["sqlite:", "The path of the SQLite database is missing: write sqlite:PATH"],
    ["sqlite://janus.sqlite", "A SQLite database has no host: write sqlite:PATH or sqlite:///ABSOLUTE/PATH"],
    [
      "mysql://janus:hunter2@/auth",
      `The URL of the database cannot be read (special characters must be percent-encoded): ${forms}`,
    ],
    ["mysql://janus:hunter2@db.example,/auth", `The host is missing: ${forms}`],
    [
      "mysql://janus:hunter2@db.example,other:port/auth",
      `The URL of the database cannot be read (special characters must be percent-encoded): ${forms}`,
    ],
    ["mysql:auth", `The host is missing: ${forms}`],
    ["mysql://janus:hunter2@db.example", `The name of the database is missing: ${forms}`],
    ["mysql://janus:hunter2@db.example/", `The name of the database is missing: ${forms}`],
    [
      "mysql://janus:hunter2@db.example:port/auth",
      `The URL of the database cannot be read (special characters must be percent-encoded): ${forms}`,
    ],
    [
      "mysql://janus:hunter2%@db.example/auth",
      "The password in the URL of the database is not percent-encoded correctly",
    ],
    ["mysql://janus:hunter2@db.example/auth?pool=5", option.replace("{}", "pool")],
    ["mysql://janus:hunter2@db.example/auth?poolSize=0", option.replace("{}", "poolSize")],
    ["mysql://janus:hunter2@db.example/auth?tls=yes", option.replace("{}", "tls")],
    ...["127.0.0.1", "::1", "::ffff:c000:201"].flatMap((address): [string, string][] => {
      const host = address.includes(":") ? `[${address}]` : address;
      const message = `tls=true needs the name that the server's certificate has, and not the address ${address}`;
      return [`mysql://janus:hunter2@${host}/auth`, `mysql://janus:hunter2@db.example:3307,${host}:3308/auth`].map(
        (url) => [`${url}?tls=true`, message],
      );
    }),
  ];
  for (const [url, message] of unreadable) {
    it(`refuses ${url === "" ? "an empty one" : url}, without telling the password`, () => {
      expect(() => parseDatabaseUrl(url))
        .to.throw(DatabaseUrlError)
        .that.satisfies((error: DatabaseUrlError) => {
          expect(error.message).to.equal(message);
          expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).to.not.include("hunter2");
          return true;
        });
    });
  }
});
