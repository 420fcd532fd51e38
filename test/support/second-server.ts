import type { FastifyInstance } from "fastify";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import type { Application } from "../../src/server/index.js";
import { createHttpServer } from "../../src/server/http-server.js";
import { createLogger } from "../../src/server/logging.js";
import { REQUEST_LIMITS, type RequestLimits } from "../../src/server/request-limits.js";
import { DEFAULT_NETWORK, type NetworkConfig } from "../../src/server/server-config.js";
import type { TestContext } from "./test-context.js";

/** What a second server has of its own. */
export interface SecondServerParts {
  readonly limits?: Partial<RequestLimits>;
  readonly network?: Partial<NetworkConfig>;
  readonly auth?: Application["auth"];
  /** Adds routes before it listens. */
  readonly prepare?: (server: FastifyInstance) => void;
}

/** One more HTTP server over a context's auth service, with limits that a test can wait for; each test starts its own. */
export function secondServer(context: TestContext): SecondServer {
  const second = new SecondServer(context);
  beforeEach(() => void (second.log.length = 0));
  afterEach(() => second.stop());
  return second;
}

export class SecondServer {
  /** What it logged in this test. */
  readonly log: Record<string, unknown>[] = [];
  private running: FastifyInstance | undefined;

  constructor(private readonly context: TestContext) {}

  /** Starts it. @returns its URL */
  async start({ limits, network, auth, prepare }: SecondServerParts = {}): Promise<string> {
    const { application } = this.context.server;
    this.running = await createHttpServer({
      auth: auth ?? application.auth,
      schema: await buildAuthSchema(application.auth.settings),
      dataSource: application.dataSource,
      logger: createLogger("trace", { write: (line) => void this.log.push(JSON.parse(line)) }),
      limits: { ...REQUEST_LIMITS, ...limits },
      network: { ...DEFAULT_NETWORK, ...network },
    });
    prepare?.(this.running);
    return this.running.listen({ host: "127.0.0.1", port: 0 });
  }

  get server(): FastifyInstance {
    if (!this.running) throw new Error("the server is for tests that have started it");
    return this.running;
  }

  /** Lines of a level that an operator is woken by. */
  get alarms(): Record<string, unknown>[] {
    return this.log.filter(({ level }) => (level as number) > 30);
  }

  /** How many connections are open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }
}
