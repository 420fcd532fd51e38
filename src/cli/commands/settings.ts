import { describeSettings, type SettingRow } from "../../settings/describe.js";
import type { CommandContext } from "../command-context.js";
import { readSettings } from "../read-settings.js";

const HEADER = ["Setting", "Value", "From"] as const;

/** `settings`: prints the settings in force and where each comes from. Needs no database, and shows no secret. */
export async function printSettings(context: CommandContext, { json = false }): Promise<void> {
  const { stdout, stderr } = context;
  const resolved = await readSettings(context);
  const settings = describeSettings(resolved);
  const { warnings } = resolved;
  if (json) return void stdout.write(`${JSON.stringify({ settings, warnings }, null, 2)}\n`);
  for (const line of table([HEADER, ...settings.map((row) => cells(row, resolved.settings.profile))])) {
    stdout.write(`${line}\n`);
  }
  for (const warning of warnings) stderr.write(`janus-auth: warning: ${warning}\n`);
}

function cells({ setting, text, origin, environment }: SettingRow, profile: string): readonly string[] {
  const from = { default: "default", profile: `profile ${profile}`, environment, code: "code" }[origin];
  return [setting, text, from];
}

/** The rows as lines whose cells stand one below the other. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
