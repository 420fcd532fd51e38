/**
 * Where Janus writes its log: any pino, Fastify or console-like logger that takes an object and a message.
 * Nothing secret is ever passed to it: no token, no password, no key.
 */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** A logger that writes nothing; the library's default. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
