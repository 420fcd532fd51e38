import { RateLimiterRedis, RLWrapperTimeouts } from "rate-limiter-flexible";

import type { LimiterFactory } from "./limiter-factory.js";

/**
 * The library's script, but for one thing: what is taken from a key whose window is over is not kept as a debt, by which
 * the next window would allow more.
 */
const COUNT = `
local points = tonumber(ARGV[1])
if points < 0 then
  local current = tonumber(redis.call('get', KEYS[1]) or '0')
  if current + points < 0 then return {current, redis.call('pttl', KEYS[1])} end
else
  redis.call('set', KEYS[1], 0, 'EX', ARGV[2], 'NX')
end
return {redis.call('incrby', KEYS[1], points), redis.call('pttl', KEYS[1])}
`;

/** How long Redis may take to answer, milliseconds; long enough for a process that is busy itself. */
const ANSWER_LIMIT = 2_000;

/**
 * Limiters that count in Redis, for all processes that use it. Windows end by Redis' own clock.
 *
 * @param client of `@redis/client`
 * @param insurance counts while Redis is away or does not answer
 */
export function redisLimiters(client: object, insurance: LimiterFactory): LimiterFactory {
  return (options) => {
    const limiter = new RateLimiterRedis({
      ...options,
      keyPrefix: `janus:${options.keyPrefix}`,
      storeClient: client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      customIncrTtlLuaScript: COUNT,
    });
    // The client itself waits for ever, once a command is sent. With an insurance of its own, the limiter within would
    // count once more what has been given up here.
    return new RLWrapperTimeouts({ limiter, timeoutMs: ANSWER_LIMIT, insuranceLimiter: insurance(options) });
  };
}
