import { EXIT_CODE } from "./failure.js";

/** What stands below the list of commands. */
export const AFTER_HELP = `
Environment, the same for every command:
  HOST, PORT      where serve listens (127.0.0.1, 4000; 0 is any free port)
  DATABASE_URL    sqlite:PATH, mysql://USER:PASSWORD@HOST:PORT/DATABASE or
                  mariadb://… (SQLite in the data folder)
  JANUS_DATA_DIR  the data folder (.janus)
  SECRET_KEY      signs tokens (one is made and kept in the data folder)
  JANUS_PAGE      true or false: the page at / (true, not with NODE_ENV=production)
  LOG_LEVEL       of serve: fatal, error, warn, info, debug, trace or silent (info)
  JWT_KEY_SET     the file of keys that rotate-keys makes and rotates
  JWT_PROFILE     defaults of the settings: hardened or documented (hardened)
  JWT_…           every other setting, see the README
  NODE_DEBUG      janus-auth shows where in the program an error came from

Exit codes:
  ${EXIT_CODE.ok}   done
  ${EXIT_CODE.failure}   it failed, standard error says why
  ${EXIT_CODE.usage}   the command line is wrong
  ${EXIT_CODE.unavailable}  the database cannot be reached
  ${EXIT_CODE.config}  the configuration is wrong`;
