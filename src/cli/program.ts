import { Command, Option } from "commander";
import { type Algorithm, ALGORITHM_NAMES } from "../settings/algorithms.js";
import type { CommandContext } from "./command-context.js";
import type { CreateUserOptions } from "./commands/create-user.js";
import type { RotateKeysOptions } from "./commands/rotate-keys.js";
import { durationOption } from "./duration-option.js";
import { AFTER_HELP } from "./help-text.js";

/**
 * The command line. Each command is loaded only when it is run, so that `--help` answers at once.
 *
 * @param version of the package
 */
export function createProgram(context: CommandContext, version: string): Command {
  const program = new Command("janus-auth")
    .description("One auth service behind GraphQL and tRPC.")
    .version(version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    .addHelpText("after", AFTER_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      outputError: (text, write) =>
        write(
          `${text
            .replace(/^error:/, "janus-auth:")
            .trim()
            .replaceAll("\n", " ")}\n`,
        ),
    });
  addServerCommands(program, context);
  addUserCommands(program, context);
  addToolCommands(program, context);
  return program;
}

function addServerCommands(program: Command, context: CommandContext): void {
  program
    .command("serve")
    .description("migrate the database and run the server")
    .action(async () => (await import("./commands/serve.js")).serve(context));
  program
    .command("migrate")
    .description("bring the database up to date")
    .action(async () => (await import("./commands/migrate.js")).runMigrate(context));
}

function addUserCommands(program: Command, context: CommandContext): void {
  program
    .command("create-user")
    .description("create a user")
    .usage("<name> [options]")
    .argument("<name>", "what the user is called")
    .option("--email <address>", "the e-mail address")
    .option("--staff", "satisfies the rule staff")
    .option("--superuser", "has every permission, and satisfies the rule superuser")
    .option("--inactive", "cannot log in")
    .option("--role <names...>", "roles")
    .option("--permission <names...>", "permissions, such as recipes.edit")
    .addOption(passwordStdin())
    .action(async (name: string, options: CreateUserOptions) =>
      (await import("./commands/create-user.js")).createUser(context, name, options),
    );
  program
    .command("set-password")
    .description("set a user's password and end the sessions from before")
    .usage("<name> [options]")
    .argument("<name>", "what the user logs in with")
    .addOption(passwordStdin())
    .action(async (name: string, options: { passwordStdin?: boolean }) =>
      (await import("./commands/set-password.js")).setPassword(context, name, options),
    );
}

function addToolCommands(program: Command, context: CommandContext): void {
  program
    .command("clear-tokens")
    .description("delete the refresh tokens that were revoked")
    .option("--expired", "also those that have expired")
    .action(async (options: { expired?: boolean }) =>
      (await import("./commands/clear-tokens.js")).clearTokens(context, options),
    );
  program
    .command("generate-keys")
    .description("print new keys, as lines for an environment file")
    .addOption(new Option("--algorithm <name>", "what they sign with").choices(ALGORITHM_NAMES).makeOptionMandatory())
    .action(async (options: { algorithm: Algorithm }) =>
      (await import("./commands/generate-keys.js")).printKeys(context, options),
    );
  program
    .command("rotate-keys")
    .description("make the key set, or publish its next key and drop the old ones whose tokens are gone")
    .addOption(duration("--lead <duration>", "how long the next key is published before it signs (1h)"))
    .addOption(duration("--keep <duration>", "how long the old key verifies after that (as long as its tokens live)"))
    .action(async (options: RotateKeysOptions) =>
      (await import("./commands/rotate-keys.js")).rotateKeys(context, options),
    );
  program
    .command("settings")
    .description("print the settings in force and where they come from")
    .option("--json", "as JSON")
    .action(async (options: { json?: boolean }) =>
      (await import("./commands/settings.js")).printSettings(context, options),
    );
  program
    .command("print-schema")
    .description("print the GraphQL schema")
    .action(async () => (await import("./commands/print-schema.js")).printSchema(context));
}

function duration(flags: string, description: string): Option {
  return new Option(flags, description).argParser(durationOption);
}

function passwordStdin(): Option {
  return new Option("--password-stdin", "read the password from standard input instead of asking for it");
}
