/** A command cannot do what it was asked for. The message is for the operator: one line, and no secret in it. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
