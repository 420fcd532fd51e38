/** What is wrong with one setting. */
export interface SettingsProblem {
  /** The setting as it was spelled: the environment variable where it came from there, otherwise the property. */
  readonly setting: string;
  /** What is wrong and what is allowed, to be read after the name. Never a secret's value. */
  readonly problem: string;
}

/** The settings are not valid. All problems are reported at once; it is a mistake of the operator, not of a client. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";

  constructor(readonly problems: readonly SettingsProblem[]) {
    super(
      ["The settings are not valid:", ...problems.map(({ setting, problem }) => `${setting} ${problem}`)].join("\n"),
    );
  }
}
