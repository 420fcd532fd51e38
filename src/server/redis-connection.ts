import { once } from "node:events";
import { createClient } from "@redis/client";
import type { Clock } from "../clock.js";
import type { LimiterFactory } from "../limits/limiter-factory.js";
import { MemoryPoints } from "../limits/memory-points.js";
import { redisLimiters } from "../limits/redis-limiters.js";
import { StoreLimiter } from "../limits/store-limiter.js";
import type { Logger } from "../logger.js";

/** Milliseconds. */
const CONNECT_LIMIT = 2_000;
/** Longest pause between two attempts to connect, milliseconds. */
const MAX_PAUSE = 2_000;
/** How often the log is told that Redis is away, milliseconds. */
const TELL_EVERY = 60_000;

/** Redis, for counting logins. It may be away, also at the start: then this process counts by itself until it is back. */
export interface RedisConnection {
  readonly limiters: LimiterFactory;
  close(): void;
}

/** Connects, or finds out that it cannot for now. @param url as `REDIS_URL` has it */
export async function connectRedis(url: string, logger: Logger, clock: Clock): Promise<RedisConnection> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_LIMIT,
      reconnectStrategy: (attempts) => Math.min(100 * 2 ** attempts, MAX_PAUSE),
    },
  });
  const tell = outageLog(client, logger, clock);
  const connect = () => void client.connect().catch(() => {}); // It goes on trying, and tells of each failure by an event.
  const settled = Promise.race([once(client, "ready"), once(client, "error")]).catch(() => {});
  connect();
  await settled;
  if (!client.isReady) tell();
  const points = new InsurancePoints(() => {
    tell();
    if (!client.isReady) return;
    // It has not answered: the next login is not to wait for it too, and a new connection is ready once it does.
    client.destroy();
    connect();
  });
  const limiters = redisLimiters(client, (options) => new StoreLimiter(options, points, clock));
  return { limiters, close: () => void (client.isOpen && client.destroy()) };
}

/** Counts in this process, and tells of it. */
class InsurancePoints extends MemoryPoints {
  constructor(private readonly tell: () => void) {
    super();
  }

  override add(...given: Parameters<MemoryPoints["add"]>): Promise<number> {
    this.tell();
    return super.add(...given);
  }
}

/** Writes a line about the outage now and then, not one for each login. */
function outageLog(client: NodeJS.EventEmitter, logger: Logger, clock: Clock): () => void {
  let told = -Infinity;
  let code: string | null = null;
  client.on("error", (error: Error & { code?: string }) => (code = error.code ?? error.name));
  return () => {
    const now = clock.now().getTime();
    if (Math.abs(now - told) < TELL_EVERY) return;
    told = now;
    // Neither its URL, which has the password, nor what was sent.
    logger.warn({ code }, "Redis does not answer: logins are counted in this process");
  };
}
