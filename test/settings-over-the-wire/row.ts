import type { SettingName } from "../../src/settings/settings-list.js";
import type { WireClient } from "./wire-client.js";

/** What one setting changes for clients: what they see by default, and what they see instead. */
export interface Row<Seen = unknown> {
  readonly setting: SettingName;
  /** Another value than the documented default, as it is written in the environment and in code. */
  readonly value: { readonly environment: string; readonly code: unknown };
  /** What the server is given in both cases, in the spelling of the environment. */
  readonly given?: Readonly<Record<string, string>>;
  /** Makes what the value needs in an empty database. */
  readonly prepare?: (databaseUrl: string) => Promise<void>;

  /** Looks at what the setting changes, through one of the two APIs. */
  readonly look: (client: WireClient) => Promise<Seen>;
  readonly byDefault: Seen | RefusedStart;
  readonly instead: Seen;
  /** What tRPC clients see in both cases, where the setting concerns GraphQL alone. */
  readonly overTrpc?: Seen;
}

/** The server did not start, with these problems. */
export interface RefusedStart {
  readonly refusedToStart: readonly string[];
}

/** Lets the compiler see that what is expected is what is looked at. */
export function row<Seen>(given: Row<Seen>): Row {
  return given;
}
