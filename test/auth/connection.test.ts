import { expect } from "chai";
import { Connection } from "../../src/auth/connection.js";
import type { LogoutReason } from "../../src/auth/logout.js";
import type { AuthUser } from "../../src/index.js";
import { JwtSettings } from "../../src/index.js";
import { TestClock } from "../support/test-clock.js";
import { TestTimers } from "../support/test-timers.js";

const ALICE: AuthUser = { id: 1, username: "alice", isActive: true };

describe("a connection that is looked at twice at once", () => {
  it("is over if either look says so, whichever answers first", async () => {
    for (const first of [0, 1]) {
      const clock = new TestClock();
      const answers: ((found: AuthUser | LogoutReason) => void)[] = [];
      const connection = new Connection(
        {
          settings: new JwtSettings(),
          clock,
          setTimer: new TestTimers(clock).set,
          liveness: { check: () => new Promise((resolve) => answers.push(resolve)) },
          identify: () => Promise.reject(new Error("is not asked")),
          naturalKey: ({ username = "" }) => username,
          request: undefined,
          onClose: () => undefined,
        },
        { user: ALICE, payload: { username: "alice" } },
      );
      const looks = [connection.check(), connection.check()];
      answers[first]?.(ALICE);
      await looks[first];
      answers[1 - first]?.("REVOKED");
      await Promise.all(looks);
      expect(connection.ended).to.equal("REVOKED");
    }
  });
});
