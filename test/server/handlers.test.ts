import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openSession } from "../support/open-session.js";
import { graphqlRequest, postRequest, request, sendRaw } from "../support/raw-http.js";
import { errorOf, expectNoInternals } from "../support/refusals.js";
import { PASSWORD, type TestContext, testContext } from "../support/test-context.js";
import * as handlers from "./broken-handlers.js";

const FILE = fileURLToPath(new URL("./broken-handlers.js", import.meta.url));

/** The same operation over both faces, for a user who exists and holds these tokens. */
type Operation = (user: { username: string; token: string; refreshToken: string }) => readonly [string, string];

const LOGIN: Operation = ({ username }) => mutation("tokenAuth", { username, password: PASSWORD }, "token");
const REFRESH: Operation = ({ refreshToken }) => mutation("refreshToken", { refreshToken }, "token refreshToken");
const REVOKE: Operation = ({ refreshToken }) => mutation("revokeToken", { refreshToken }, "revoked");
const VERIFY: Operation = ({ token }) => mutation("verifyToken", { token }, "payload");
const ME: Operation = ({ token }) => [
  request("GET", "/graphql?query={me{id}}", { Authorization: `JWT ${token}` }),
  request("GET", "/trpc/auth.me", { Authorization: `JWT ${token}` }),
];
const ME_WITH_A_BAD_TOKEN: Operation = () => ME({ username: "", token: "bad", refreshToken: "" });
const NOTHING_HERE: Operation = ({ token }) => [
  request("GET", "/nothing", { Authorization: `JWT ${token}` }),
  request("GET", "/trpc/nothing", { Authorization: `JWT ${token}` }),
];

const FAILS = ["throws", "rejects", "throwsText"] as const;

interface Case {
  /** What is asked of the server, with what the log says of a wrong answer. */
  readonly operations: Readonly<Record<string, Operation>>;
  readonly nonsense: readonly (keyof typeof handlers)[];
  readonly problem: string;
}

/** Every handler, as far as it must not answer what it likes. */
const CASES: Readonly<Record<string, Case>> = {
  payloadHandler: {
    operations: { LOGIN, REFRESH },
    nonsense: ["nothing", "aNull", "aText", "aNumber", "aList", "aBigInt", "aCircle", "aTextInJson"],
    problem: "has to answer a payload",
  },
  encodeHandler: {
    operations: { LOGIN, REFRESH },
    nonsense: ["nothing", "aNull", "anEmptyText", "aNumber", "anEmptyObject"],
    problem: "has to answer a token",
  },
  decodeHandler: {
    operations: { ME, VERIFY, NOTHING_HERE },
    nonsense: ["nothing", "aNull", "aText", "aNumber", "aList"],
    problem: "has to answer a payload",
  },
  payloadGetUsernameHandler: { operations: { ME, NOTHING_HERE }, nonsense: [], problem: "" },
  // Not for a login: the directory that checks the password has to have found its user.
  getUserByNaturalKeyHandler: {
    operations: { REFRESH, ME, NOTHING_HERE },
    nonsense: ["nothing", "aText", "aNumber", "aList", "anEmptyObject", "aUserWithoutId", "aUserWithTextForRoles"],
    problem: "has to answer a user or null",
  },
  refreshExpiredHandler: {
    operations: { REFRESH },
    nonsense: ["nothing", "aNull", "aText", "aNumber"],
    problem: "has to answer true or false",
  },
  getRefreshTokenHandler: {
    operations: { REFRESH, REVOKE },
    nonsense: ["nothing", "aText", "aList", "anEmptyObject", "aSessionWithoutDates", "aSessionThatNeverEnds"],
    problem: "has to answer a refresh token entity or null",
  },
  unauthorizedResponseHandler: {
    operations: { ME_WITH_A_BAD_TOKEN },
    nonsense: [
      "nothing",
      "aText",
      "anEmptyObject",
      "aStatusInText",
      "aStatusOf99",
      "aStatusOf101",
      "aStatusOf9999",
      "aStatusOfNaN",
      "aHeaderWithALineFeed",
      "aHeaderWithoutAName",
      "aHeaderWithANumber",
      "aListWithALineFeed",
      "aListWithANumber",
      "headersInAList",
      "aBodyInAnObject",
    ],
    problem: "has to answer { status, headers, body }",
  },
};

for (const [setting, { operations, nonsense, problem }] of Object.entries(CASES)) {
  describe(`a ${setting}`, () => {
    for (const handler of FAILS) {
      describe(`that ${handler}`, () => isTheOperatorsMistake(setting, handler, operations, "threw an error"));
    }
    for (const handler of nonsense) {
      describe(`that answers ${handler}`, () => isTheOperatorsMistake(setting, handler, operations, problem));
    }
  });
}

describe("a payloadHandler that writes times as it likes", () => {
  for (const handler of ["aTextForATime", "aDateForATime"] as const) {
    const problem = "has to answer a payload with all times in Unix seconds";
    describe(`with ${handler}`, () => isTheOperatorsMistake("payloadHandler", handler, { LOGIN }, problem));
  }
});

describe("a handler that tells nothing of the token's user", () => {
  const anonymous = { payloadGetUsernameHandler: ["nothing", "aNull", "anEmptyText", "aNumber", "aList"] } as const;
  for (const [setting, names] of Object.entries({ ...anonymous, decodeHandler: ["anEmptyObject", "aTextForATime"] })) {
    for (const name of names) {
      describe(`${setting} with ${name}`, () => {
        const context = testContext(environment(setting, name));

        it("makes every token an invalid one", async () => {
          for (const bytes of [...ME(await user(context)), ...NOTHING_HERE(await user(context))]) {
            const [answer] = await sendRaw(context.url, bytes);
            expect(answer?.status).to.equal(401);
            expect(errorOf(answer ?? { body: "" }).message).to.equal("Invalid token");
          }
        });
      });
    }
  }
});

/** Registers the tests: the client is told of an internal error and nothing more, the log of the setting and the cause. */
function isTheOperatorsMistake(
  setting: string,
  handler: keyof typeof handlers,
  operations: Readonly<Record<string, Operation>>,
  problem: string,
): void {
  const context = testContext(environment(setting, handler));

  for (const [name, operation] of Object.entries(operations)) {
    it(`is a 500 to ${name}, and named in the log`, async () => {
      for (const bytes of operation(await user(context))) {
        context.forget();
        const [answer] = await sendRaw(context.url, bytes);
        if (!answer) throw new Error("no answer");
        const internal = { code: "INTERNAL_SERVER_ERROR", message: "Internal server error" };
        expect({ status: answer.status, ...errorOf(answer) }).to.deep.equal({ status: 500, ...internal });
        expectNoInternals(answer.body);
        expect(answer.body).not.to.include(handlers.FAILURE);
        expectLogged(context, answer.headers["x-request-id"], `The handler in the setting ${setting} ${problem}.`);
      }
    });
  }
}

function expectLogged(context: TestContext, reqId: string | undefined, message: string): void {
  const errors = context.log.filter(({ level }) => (level as number) >= 40);
  expect(errors).to.have.length(1);
  expect(errors[0]).to.include({ level: 50, reqId });
  expect(errors[0]).to.have.nested.property("err.message", message);
  if (message.endsWith("threw an error.")) expect(errors[0]).to.have.nested.property("err.cause");
}

function environment(setting: string, handler: string): Record<string, string> {
  const name = setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return {
    JWT_PROFILE: "documented",
    JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
    [`JWT_${name}`]: `${FILE}#${handler}`,
  };
}

/** A user with tokens that no handler of the server had a part in. */
async function user(context: TestContext): Promise<{ username: string; token: string; refreshToken: string }> {
  const { username } = await context.createUser();
  return {
    username,
    token: context.token({ username }),
    refreshToken: await openSession(context.server, username, context.clock.now()),
  };
}

function mutation(name: string, args: Readonly<Record<string, string>>, selection: string): readonly [string, string] {
  const given = Object.entries(args).map(([argument, value]) => `${argument}:${JSON.stringify(value)}`);
  return [
    graphqlRequest(`mutation{${name}(${given.join(",")}){${selection}}}`),
    postRequest(`/trpc/auth.${name}`, JSON.stringify(args)),
  ];
}
