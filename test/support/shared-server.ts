import { closeChromium } from "./chromium.js";
import { killServerProcesses } from "./server-process.js";
import { constants } from "node:os";
import { DatabaseServer } from "./database-server.js";

/** The one server of a test run, started by the first suite that wants it. */
let shared: Promise<DatabaseServer> | undefined;

/**
 * The server that all MySQL suites of a test run share: `TEST_DATABASE_URL`, or else one that is started here.
 *
 * @throws DatabaseUnavailableError if there is none to be had.
 */
export async function sharedServerUrl(): Promise<string> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") return given;
  shared ??= DatabaseServer.start();
  return (await shared).url;
}

/** Mocha calls this before the first test. A run that is ended from outside leaves no data directory behind either. */
export function mochaGlobalSetup(): void {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

/** Mocha calls this after the last test, also when tests failed. */
export async function mochaGlobalTeardown(): Promise<void> {
  await killServerProcesses();
  await closeChromium();
  const server = await shared?.catch(() => undefined); // The suites that needed it have reported why it is not there.
  await server?.remove();
}
