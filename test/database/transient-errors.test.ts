import { expect } from "chai";
import { QueryFailedError } from "typeorm";
import { classifyFailure, type Failure } from "../../src/database/transient-errors.js";

function failure(properties: { message?: string; code?: string; errno?: number }): Error {
  return Object.assign(new Error(properties.message ?? "failed"), properties);
}

describe("classifyFailure", () => {
  const cases: [string, Error, Failure][] = [
    ["a deadlock", failure({ code: "ER_LOCK_DEADLOCK", errno: 1213 }), "refused"],
    ["a lock wait timeout", failure({ code: "ER_LOCK_WAIT_TIMEOUT", errno: 1205 }), "refused"],
    ["an error during COMMIT", failure({ errno: 1180 }), "lost"],
    ["a joining Galera node", failure({ errno: 1047 }), "refused"],
    ["a conflict in Group Replication", failure({ errno: 3101 }), "refused"],
    ["a read-only node", failure({ errno: 1290 }), "refused"],
    ["a busy SQLite", failure({ code: "SQLITE_BUSY" }), "refused"],
    ["a busy SQLite with an extended code", failure({ code: "SQLITE_BUSY_SNAPSHOT" }), "refused"],
    ["a reset connection", failure({ code: "ECONNRESET", errno: -104 }), "lost"],
    ["a lost connection", failure({ code: "PROTOCOL_CONNECTION_LOST" }), "lost"],
    ["a server that shuts down", failure({ code: "ER_SERVER_SHUTDOWN", errno: 1053 }), "lost"],
    ["a killed connection", failure({ errno: 1927 }), "lost"],
    ["a refused connection", failure({ code: "ECONNREFUSED", errno: -111 }), "unreachable"],
    ["a connection that times out", failure({ code: "ETIMEDOUT" }), "unreachable"],
    ["a pool whose connections are all in use", failure({ code: "POOL_EXHAUSTED" }), "unreachable"],
    ["an unknown host", failure({ code: "ENOTFOUND" }), "unreachable"],
    ["a host without a route", failure({ code: "EHOSTUNREACH" }), "unreachable"],
    ["too many connections", failure({ code: "ER_CON_COUNT_ERROR", errno: 1040 }), "unreachable"],
    ["a full disk", failure({ code: "SQLITE_FULL" }), "unreachable"],
    ["a failing disk", failure({ code: "SQLITE_IOERR_WRITE" }), "unreachable"],
    ["a disk that is mounted read-only", failure({ code: "SQLITE_READONLY" }), "unreachable"],
    ["a full queue", failure({ message: "Queue limit reached." }), "unreachable"],
    ["a closed pool", failure({ message: "Pool is closed." }), "unreachable"],
    ["a duplicate row", failure({ code: "ER_DUP_ENTRY", errno: 1062 }), "final"],
    ["a duplicate row in SQLite", failure({ code: "SQLITE_CONSTRAINT_UNIQUE" }), "final"],
    ["a syntax error", failure({ code: "ER_PARSE_ERROR", errno: 1064 }), "final"],
    ["an error of this program", new TypeError("x is not a function"), "final"],
  ];
  for (const [name, error, expected] of cases) {
    it(`calls ${name} ${expected}`, () => {
      expect(classifyFailure(error)).to.equal(expected);
      expect(classifyFailure(new QueryFailedError("SELECT ?", [1], error))).to.equal(expected);
    });
  }
});
