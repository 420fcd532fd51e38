import { expect } from "chai";
import { QueryFailedError } from "typeorm";
import { DatabaseError } from "../../src/database/database-error.js";
import { type RetryOptions, withDatabase } from "../../src/database/retry.js";
import { ServiceUnavailableError } from "../../src/errors.js";

const deadlock = Object.assign(new Error("Deadlock found"), { code: "ER_LOCK_DEADLOCK", errno: 1213 });
const lost = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const duplicate = Object.assign(new Error("Duplicate entry"), { code: "ER_DUP_ENTRY", errno: 1062 });

/** Fails with these errors, one an attempt, and then answers. */
async function attempt(failures: Error[], options: RetryOptions = {}) {
  const pauses: number[] = [];
  let calls = 0;
  const result = withDatabase(
    async () => {
      const failure = failures[calls++];
      if (failure) throw failure;
      return "done";
    },
    { ...options, sleep: async (milliseconds) => pauses.push(milliseconds) },
  );
  const outcome = await result.catch((error: unknown) => error);
  return { outcome, calls, pauses };
}

describe("withDatabase", () => {
  it("answers what the operation answers", async () => {
    expect(await attempt([])).to.deep.equal({ outcome: "done", calls: 1, pauses: [] });
  });

  it("tries again what was refused, with pauses that are bounded", async () => {
    const { outcome, calls, pauses } = await attempt([deadlock, deadlock, deadlock, deadlock]);
    expect(outcome).to.equal("done");
    expect(calls).to.equal(5);
    pauses.forEach((pause, index) => expect(pause).to.be.within(0, 20 * 2 ** index));
  });

  it("gives up after five attempts", async () => {
    const { outcome, calls } = await attempt(Array.from({ length: 9 }, () => deadlock));
    expect(calls).to.equal(5);
    expect(outcome).to.be.instanceOf(ServiceUnavailableError);
    expect(outcome).to.have.property("code", "SERVICE_UNAVAILABLE");
    expect(outcome).to.have.property("message", "The service is temporarily unavailable, please try again");
    expect(outcome).to.have.nested.property("cause.errno", 1213);
  });

  it("gives up when the attempts have taken five seconds", async () => {
    let time = 0;
    const lockWaitTimeout = Object.assign(new Error("Lock wait timeout exceeded"), { errno: 1205 });
    const { outcome, calls } = await attempt([lockWaitTimeout, lockWaitTimeout, lockWaitTimeout], {
      now: () => (time += 3_000) - 3_000, // asked once before the first attempt, and after each
    });
    expect(calls).to.equal(2);
    expect(outcome).to.be.instanceOf(ServiceUnavailableError).with.nested.property("cause.errno", 1205);
  });

  it("does not send again after a lost connection", async () => {
    const { outcome, calls } = await attempt([lost]);
    expect(calls).to.equal(1);
    expect(outcome).to.be.instanceOf(ServiceUnavailableError).with.nested.property("cause.code", "ECONNRESET");
  });

  it("does send again after a lost connection what may run twice", async () => {
    expect(await attempt([lost], { mayRunTwice: true })).to.include({ outcome: "done", calls: 2 });
  });

  it("does not wait for a database that cannot be reached", async () => {
    const { outcome, calls } = await attempt([refused], { mayRunTwice: true });
    expect(calls).to.equal(1);
    expect(outcome).to.be.instanceOf(ServiceUnavailableError).with.nested.property("cause.code", "ECONNREFUSED");
  });

  it("passes on what another attempt cannot heal", async () => {
    const { outcome, calls } = await attempt([duplicate], { mayRunTwice: true });
    expect(calls).to.equal(1);
    expect(outcome).to.be.instanceOf(DatabaseError).that.includes({ code: "ER_DUP_ENTRY", errno: 1062 });
  });

  it("keeps the parameters of a statement to itself", async () => {
    const sql = "UPDATE janus_user SET password_hash = ?";
    const driverError = Object.assign(new Error("Data too long"), { errno: 1406, sql: `${sql} 'hunter2'` });
    const { outcome } = await attempt([new QueryFailedError(sql, ["hunter2"], driverError)]);
    expect(outcome).to.be.instanceOf(DatabaseError).that.includes({ statement: sql, message: "Data too long" });
    expect(JSON.stringify(outcome, Object.getOwnPropertyNames(outcome))).to.not.include("hunter2");
    expect(outcome).to.not.have.property("cause");
  });

  it("gives an error without a message the driver's code", async () => {
    const allRefused = Object.assign(new AggregateError([refused, refused]), { code: "ECONNREFUSED" });
    const { outcome } = await attempt([allRefused]);
    expect(outcome).to.have.nested.property("cause.message", "ECONNREFUSED");
  });
});
