import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { janusAuth } from "../support/command-line.js";
import { DatabaseServer } from "../support/database-server.js";
import { orSkip } from "../support/or-skip.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { UnavailableError } from "../support/unavailable-error.js";
import { createDatabaseOn } from "./open-data-source.js";

describe("a database server with TLS", () => {
  const directory = temporaryDirectory();
  const servers: DatabaseServer[] = [];
  /** With the certificate of localhost, and with that of another server, which has this address too. */
  let right: URL;
  let wrong: URL;
  before(
    orSkip(async () => {
      right = await startServer("right", "DNS:localhost");
      wrong = await startServer("wrong", "DNS:db.example,IP:127.0.0.1");
    }),
  );
  after(() => Promise.all(servers.map((server) => server.remove())));

  const pathOf = (name: string) => join(directory.path(), `${name}.pem`);

  async function startServer(name: string, subject: string): Promise<URL> {
    await makeCertificate(pathOf(`${name}-key`), pathOf(name), subject);
    const ssl = [`--ssl-key=${pathOf(`${name}-key`)}`, `--ssl-cert=${pathOf(name)}`];
    const server = await DatabaseServer.start({ arguments: ssl });
    servers.push(server);
    return new URL(`${await createDatabaseOn(server)}?tls=true`);
  }

  /** In a process of its own: whom Node trusts is read when it starts. */
  function migrate({ href }: URL, host: string, environment: Readonly<Record<string, string>>) {
    const url = new URL(href);
    url.hostname = host;
    return janusAuth(["migrate"], {
      environment: { DATABASE_URL: url.href, SECRET_KEY: "k".repeat(64), ...environment },
    });
  }

  it("is used by the name in its certificate, which NODE_EXTRA_CA_CERTS makes Node trust", async () => {
    const { code, stderr } = await migrate(right, "localhost", { NODE_EXTRA_CA_CERTS: pathOf("right") });
    expect([code, stderr]).to.deep.equal([0, ""]);
  });

  it("is refused where nobody has said that its certificate is to be trusted", async () => {
    const { code, stdout, stderr } = await migrate(right, "localhost", {});
    expect([code, stdout]).to.deep.equal([69, ""]);
    expect(stderr).to.match(
      /cannot be opened .*: self-signed certificate(; if the root CA is installed locally, try running Node\.js with --use-system-ca)?\n$/,
    );
  });

  it("is refused with a certificate for another name", async () => {
    const { code, stdout, stderr } = await migrate(wrong, "localhost", { NODE_EXTRA_CA_CERTS: pathOf("wrong") });
    expect([code, stdout]).to.deep.equal([69, ""]);
    expect(stderr).to.match(
      /cannot be opened .*Hostname\/IP does not match certificate's altnames: Host: localhost\. /,
    );
  });

  it("is refused by an address, which could not be compared with any certificate", async () => {
    for (const [url, name] of [
      [right, "right"],
      [wrong, "wrong"],
    ] as const) {
      expect(await migrate(url, "127.0.0.1", { NODE_EXTRA_CA_CERTS: pathOf(name) })).to.deep.equal({
        code: 78,
        stdout: "",
        stderr:
          "janus-auth: DATABASE_URL: tls=true needs the name that the server's certificate has, and not the address " +
          "127.0.0.1\n",
      });
    }
  });
});

async function makeCertificate(key: string, certificate: string, subject: string): Promise<void> {
  const names = ["-subj", "/CN=test", "-addext", `subjectAltName=${subject}`];
  const newKey = ["-newkey", "rsa:2048", "-nodes", "-keyout", key];
  try {
    await promisify(execFile)("openssl", ["req", "-x509", ...newKey, "-out", certificate, ...names]);
  } catch (error) {
    throw new UnavailableError("no openssl on this machine; to run these: apt-get install openssl", { cause: error });
  }
}
