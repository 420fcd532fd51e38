#!/usr/bin/env node
import "reflect-metadata";
import { systemClock } from "../clock.js";
import { reportFailure, run } from "./run.js";

const { env: environment, stdin, stdout, stderr } = process;
const context = { environment, stdin, stdout, stderr, clock: systemClock };

process.on("uncaughtException", (error) => process.exit(reportFailure(error, context)));
for (const output of [stdout, stderr]) output.on("error", outputFailed);

process.exitCode = await run(process.argv.slice(2), context);

/** Whoever stops reading has read enough: `print-schema | head` is no failure, and no reason for a server to stop. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") process.exit(reportFailure(error, context));
}
