/**
 * A value that cannot be read. The message goes on from the setting's name ("must be …", "names a file that …"), says
 * the value's shape and never the value.
 */
export class InvalidValue extends Error {
  override readonly name = "InvalidValue";
}
