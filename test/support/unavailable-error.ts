/** What tests need is not on this machine, and cannot be installed. The message names the command that would change it. */
export class UnavailableError extends Error {}
