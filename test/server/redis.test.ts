import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createServer, ListenError } from "../../src/server/index.js";
import { SettingsError } from "../../src/settings/settings-error.js";
import { onRedis } from "../support/redis-server.js";
import { freePort } from "../support/free-port.js";
import { refusal } from "../support/faces.js";
import { rejection } from "../support/rejection.js";
import { PASSWORD, TestContext } from "../support/test-context.js";
import { until } from "../support/until.js";

const LIMITED = { code: "TOO_MANY_REQUESTS", message: "Too many attempts, please try again later", status: 429 };
const AWAY = "Redis does not answer: logins are counted in this process";

onRedis("logins that are counted in Redis", (redis) => {
  const contexts: TestContext[] = [];
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.stop();
  });

  async function start(url = redis().url): Promise<TestContext> {
    const context = new TestContext({ REDIS_URL: url }, undefined);
    contexts.push(context);
    await context.start();
    return context;
  }

  const fail = async ({ trpc }: TestContext, username: string, times: number) => {
    for (let i = 0; i < times; i++) {
      const outcome = await trpc.tokenAuth({ username, password: `guess ${i}` });
      expect(outcome).to.deep.equal(refusal(trpc, "INVALID_CREDENTIALS", "Please enter valid credentials"));
    }
  };

  it("are limited over several servers together, and Redis has no name of anybody", async () => {
    const [one, two] = [await start(), await start()];
    await fail(one, "somebody", 5);
    await fail(two, "somebody", 5);
    for (const { graphql, trpc } of [one, two]) {
      for (const face of [graphql, trpc]) {
        expect(await face.tokenAuth({ username: "somebody", password: "p" })).to.deep.equal(LIMITED);
      }
    }
    for (const key of await redis().keys()) expect(key).to.match(/^janus:login:(pair|name|known|address):[\w-]{43}$/);
    await redis().advance(901);
    await fail(one, "somebody", 1);
  });

  for (const [outage, begin, end] of [
    ["is killed", () => redis().kill(), () => redis().startAgain()],
    ["hangs", () => redis().freeze(), () => redis().thaw()],
  ] as const) {
    it(`are counted in the process while Redis ${outage}, with one line in the log`, async () => {
      const context = await start();
      const { username } = await context.createUser();
      await begin();
      try {
        const attempts = Array.from({ length: 30 }, () => context.trpc.tokenAuth({ username, password: "wrong" }));
        const codes = (await Promise.all(attempts)).map((outcome) => ("code" in outcome ? outcome.code : ""));
        expect(codes.filter((code) => code === "INVALID_CREDENTIALS")).to.have.length(10);
        expect(codes.filter((code) => code === "TOO_MANY_REQUESTS")).to.have.length(20);
        expect(context.log.filter(({ msg }) => msg === AWAY)).to.have.length(1);
      } finally {
        await end();
      }
      await until(async () => {
        await context.trpc.tokenAuth({ username: "after the outage", password: "p" });
        return (await redis().keys()).length >= 2;
      });
    });
  }

  it("do not keep a server from starting while Redis is away", async () => {
    const context = await start(`redis://:secret-of-redis@127.0.0.1:${await freePort()}`);
    expect(context.log.find(({ msg }) => msg === AWAY)).to.include({ level: 40, code: "ECONNREFUSED" });
    expect(JSON.stringify(context.log)).to.not.include("secret-of-redis");
    const { username } = await context.createUser();
    await fail(context, username, 10);
    expect(await context.trpc.tokenAuth({ username, password: PASSWORD })).to.deep.equal(LIMITED);
  });
});

onRedis("a start that fails", (redis) => {
  it("tells why, and leaves no connection to Redis behind", async () => {
    const { port, listener } = await takenPort();
    const directory = await mkdtemp(join(tmpdir(), "janus-redis-start-"));
    const environment = { REDIS_URL: redis().url, PORT: String(port), JANUS_DATA_DIR: directory };
    try {
      const error = await rejection(createServer({ environment, logStream: { write() {} } }));
      expect(error).to.be.instanceOf(ListenError);
      await until(async () => ((await redis().send(["CLIENT", "LIST"])) as string).trim().split("\n").length === 1);
    } finally {
      listener.close();
      await rm(directory, { recursive: true });
    }
  });
});

async function takenPort(): Promise<{ port: number; listener: Server }> {
  const listener = createTcpServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  return { port: (listener.address() as AddressInfo).port, listener };
}

describe("REDIS_URL", () => {
  const wrong = [
    "http://127.0.0.1",
    "127.0.0.1:6379",
    "redis",
    "redis:x",
    "redis://",
    "redis://u:%ZZsecret@h:1",
    "redis://%ZZ:secret@h:1",
    "redis://h:1/abc",
  ];
  for (const url of wrong) {
    it(`is refused where it is none: ${url}`, async () => {
      const environment = { REDIS_URL: url, PORT: "0" };
      const error = await rejection(createServer({ environment, logStream: { write() {} } }));
      expect(error).to.be.instanceOf(SettingsError);
      expect((error as SettingsError).problems).to.deep.equal([
        {
          setting: "REDIS_URL",
          problem: "must be redis://USER:PASSWORD@HOST:PORT or rediss://… with TLS, and /NUMBER for a database but 0",
        },
      ]);
    });
  }
});
