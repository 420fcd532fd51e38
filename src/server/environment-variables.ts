import { SettingsError, type SettingsProblem } from "../settings/settings-error.js";

/** A variable has a value that it must not have. The message is read after its name: "must be a port number". */
export class WrongValue extends Error {}

/** Reads variables one by one, and tells of everything that is wrong with them at once. */
export class EnvironmentVariables {
  private readonly problems: SettingsProblem[] = [];

  constructor(private readonly environment: Readonly<Record<string, string | undefined>>) {}

  /** The text of a variable; an empty one is none. */
  text(name: string): string | undefined {
    return this.environment[name] || undefined;
  }

  /** What `parse` makes of the text of a variable, or the default. A `WrongValue` that it throws is remembered. */
  read<T>(name: string, parse: (text: string) => T, byDefault: T): T {
    const text = this.text(name);
    if (text === undefined) return byDefault;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      this.problems.push({ setting: name, problem: error.message });
      return byDefault;
    }
  }

  /** @throws SettingsError that names every variable that is wrong */
  check(): void {
    if (this.problems.length > 0) throw new SettingsError(this.problems);
  }
}

/** A parser of whole numbers from `least` to `most`. `what` is named in the problem: "a port number". */
export function wholeNumber(what: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new WrongValue(`must be ${what} from ${least} to ${most}`);
  };
}

/** The parser of a switch. */
export function trueOrFalse(text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new WrongValue("must be true or false");
}
