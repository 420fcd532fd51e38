import type { FastifyBaseLogger } from "fastify";
import { createServer } from "../../server/index.js";
import type { CommandContext } from "../command-context.js";
import { startMessage } from "../start-message.js";
import { stopSignal } from "../stop-signals.js";

/** How long stopping may take in all, milliseconds: running requests have a limit of their own, then the database closes. */
const STOP_LIMIT = 15_000;

/** `serve`: runs the server until a signal stops it. */
export async function serve(context: CommandContext): Promise<void> {
  const { environment, clock, stdout, stderr } = context;
  // From the beginning: a start is finished first, and the password that it may have made is shown.
  const stopped = stopSignal(process, clock, (code) => process.exit(code));
  const server = await createServer({ environment, clock, logStream: stderr });
  logCrashes(server.logger);
  stdout.write(startMessage(server));

  const signal = await stopped;
  server.logger.info({ signal }, "stopping");
  setTimeout(() => giveUp(server.logger), STOP_LIMIT).unref();
  await server.close();
  server.logger.info({}, "stopped");
}

/** After an error that nobody caught, nothing about the state of the process is certain. */
function logCrashes(logger: FastifyBaseLogger): void {
  process.prependListener("uncaughtException", (error) => {
    logger.fatal({ err: error }, "an error that nobody caught");
    process.exit(1);
  });
}

function giveUp(logger: FastifyBaseLogger): void {
  logger.error({}, "stopping took too long");
  process.exit(1);
}
