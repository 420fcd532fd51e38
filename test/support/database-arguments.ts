import { join } from "node:path";

/** Lets the tests in over TCP, for a server that has grant tables. */
export const INIT_SQL = [
  "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '';",
  "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
].join("\n");

/** The files of a private server, all in one directory that is deleted with it. */
export function serverFiles(directory: string) {
  return {
    data: join(directory, "data"),
    temporary: join(directory, "temporary"),
    log: join(directory, "server.log"),
    initSql: join(directory, "init.sql"),
    socket: join(directory, "socket"),
    pid: join(directory, "pid"),
  };
}

/** What a private server is started with: small, fast, on 127.0.0.1 only, and safe for nothing but tests. */
export function serverArguments(flavor: "mariadb" | "mysql", directory: string, port: number): string[] {
  const files = serverFiles(directory);
  const ofFlavor = {
    mariadb: ["--skip-grant-tables", "--innodb-log-file-size=8M"],
    // MySQL takes no TCP connections without its grant tables. Its package names a directory for imports that only
    // the whole package makes.
    mysql: [`--init-file=${files.initSql}`, "--secure-file-priv=NULL", "--mysqlx=OFF", "--disable-log-bin"],
  };
  return [
    ...dataArguments(directory),
    // A server that starts deletes what others have in the same folder for temporary tables, and their statements fail.
    `--tmpdir=${files.temporary}`,
    `--socket=${files.socket}`,
    `--pid-file=${files.pid}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--performance-schema=OFF",
    "--innodb-buffer-pool-size=32M",
    "--innodb-flush-log-at-trx-commit=2", // What was committed survives `kill()`, though not a power failure.
    "--innodb-doublewrite=0",
    ...ofFlavor[flavor],
  ];
}

/** What fills the data directory once, or null: MariaDB without grant tables needs nothing in it. */
export function initializeArguments(flavor: "mariadb" | "mysql", directory: string): string[] | null {
  return flavor === "mariadb" ? null : [...dataArguments(directory), "--initialize-insecure"];
}

function dataArguments(directory: string): string[] {
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
  return ["--no-defaults", ...asRoot, `--datadir=${serverFiles(directory).data}`];
}
