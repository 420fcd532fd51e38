/*
 * What the page at `/` asks the server for. The page is compiled against these types, for a browser: nothing here may need
 * more than types.
 */
export type { InputField } from "../../request/input-fields.js";
export type { ProcedureDescription } from "../../trpc/procedure-list.js";

/** How to log in here, and what there is to show. */
export interface PageSettings {
  readonly cookies: boolean;
  readonly headerName: string;
  readonly headerPrefix: string;
  /** Whether the server knows of sessions, which it does not in single-token mode. */
  readonly hasSessions: boolean;
  /** Whether the schema and the procedures are shown to users only. */
  readonly isGuarded: boolean;
}
