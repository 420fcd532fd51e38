export { createServer, type JanusServer, type ServerOptions } from "./create-server.js";
export type { Application } from "./application.js";
export type { FirstUser } from "./first-user.js";
export type { LogStream } from "./logging.js";
export { ListenError } from "./listen.js";
