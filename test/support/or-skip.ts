import { UnavailableError } from "./unavailable-error.js";

/**
 * A `before` hook that prepares a database or a browser: where none can be had, it skips the suite and says why and what to do
 * about it. With `CI=true` that is a failure, so that no suite is left out unnoticed.
 */
export function orSkip(prepare: () => Promise<void>): Mocha.AsyncFunc {
  return async function () {
    this.timeout(0); // What is slow here, installing and starting a server, has limits of its own.
    try {
      await prepare();
    } catch (error) {
      if (!(error instanceof UnavailableError) || process.env["CI"] === "true") throw error;
      console.log(`      skipped: ${error.message}`);
      this.skip();
    }
  };
}
