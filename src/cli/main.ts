#!/usr/bin/env node
import "reflect-metadata";
import { systemClock } from "../clock.js";
import { reportFailure, run } from "./run.js";

const { env: environment, stdin, stdout, stderr } = process;
const context = { environment, stdin, stdout, stderr, clock: systemClock };

process.on("uncaughtException", (error) => process.exit(reportFailure(error, context)));
// Whoever read the output has read enough of it.
stdout.on("error", () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), context);
