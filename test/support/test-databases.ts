/** Makes empty databases of one kind, for one suite. */
export interface TestDatabases {
  /** Called before the first database is made. */
  open(): Promise<void>;
  /** Answers the URL of a new, empty database. */
  create(): Promise<string>;
  /** Drops every database that was made. */
  close(): Promise<void>;
}
