import type { JwtSettingsInput } from "../../src/index.js";
import { TestContext } from "../support/test-context.js";

/** What a server is started with. */
export interface ContextSetup {
  readonly environment: Readonly<Record<string, string>>;
  /** Settings in code. */
  readonly settings?: JwtSettingsInput;
  /** Answers the URL of its database; by default SQLite in a folder of its own. */
  readonly createDatabase?: () => Promise<string>;
}

/** Runs a server, in the documented profile unless told otherwise, for as long as `work` takes. */
export async function withContext<T>(
  { environment, settings = {}, createDatabase }: ContextSetup,
  work: (context: TestContext) => Promise<T>,
): Promise<T> {
  const context = new TestContext({ JWT_PROFILE: "documented", ...environment }, createDatabase, settings);
  try {
    await context.start();
    return await work(context);
  } finally {
    await context.stop();
  }
}
