import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { CallStateError } from '../call-state.ts';
import type { StateRedis } from '../redis/state-redis.ts';
import { type Allowance, COARSE_SLOTS, FINE_ENTRIES_MAX, type RateLimits, type Taken } from './rate-limits.ts';

export interface RedisRateLimitsOptions {
  /** The connection, made when it is first asked for. Closed by whoever gives it. */
  readonly redis: () => Promise<StateRedis>;
  /** Keeps what shares a Redis apart. Letters, digits, `.`, `_`, `-`. */
  readonly namespace: string;
  /** Epoch ms, in place of Redis's clock. */
  readonly now?: () => number;
}

/**
 * Rate limits that gateways share, in Redis 6.2 or later. Each operation is one script call, which is one round trip, and
 * reads Redis's own clock, so gateways need not agree about the time.
 *
 * A key's entries and their sum lie in one hash slot and expire with the last entry, so Redis holds what is in some window
 * and nothing else. After a failover counts that were not replicated are forgotten; what Redis evicts is, too.
 */
export function redisRateLimits({ redis, namespace, now }: RedisRateLimitsOptions): RateLimits {
  const run = async (
    doing: string,
    key: string,
    { quota, windowMs }: Allowance,
    units: number,
    kind: 'take' | 'add',
  ) => {
    const slot = `{tl:${namespace}:limit:${key}}`;
    const keys = [`${slot}:log`, `${slot}:used`] as const;
    const args = [windowMs, units, kind === 'take' ? String(quota) : '', now ? now() : ''] as const;
    const answer = await (await redis()).run(doing, (client) => runScript(client, keys, args));
    return readAnswer(answer);
  };
  return {
    take: (key, allowance, units) => run('count towards a rate limit', key, allowance, units, 'take'),
    async add(key, allowance, units) {
      if (units > 0) await run('count a cost towards a rate limit', key, allowance, units, 'add');
    },
    async close() {},
  };
}

/** Redis knows a script by its hash once it has seen it, until it restarts. */
async function runScript(
  client: Redis | Cluster,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(COUNT_HASH, keys.length, ...keys, ...args);
  } catch (error) {
    // Of an answer like this nothing was carried out.
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(COUNT, keys.length, ...keys, ...args);
  }
}

function readAnswer(answer: unknown): Taken {
  const [isAllowed, used, resetMs] = Array.isArray(answer) ? answer : [];
  if (typeof used !== 'string' || !/^\d+$/.test(used) || typeof resetMs !== 'number') {
    throw new CallStateError('corrupt', `Redis answered ${JSON.stringify(answer)} for a rate limit`);
  }
  return { isAllowed: isAllowed === 1, used: BigInt(used), resetMs };
}

/**
 * KEYS: the entries, a list of time and units in turn, oldest first; their sum. ARGV: window (ms), units, quota (empty: count
 * in any case), clock (epoch ms; empty: Redis's).
 *
 * Sums are 64-bit integers and pass through as text: a number of Lua's is a double. `UnitLog` is the same in TypeScript.
 */
const COUNT = `
local log, sum = KEYS[1], KEYS[2]
local window, units, quota = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local now = tonumber(ARGV[4])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local EXACT_MAX = 9007199254740991

local function forget()
  redis.call('DEL', log, sum)
end

local length = redis.call('LLEN', log)
local used = redis.call('GET', sum)
-- One of the two was evicted or deleted.
if (length == 0) ~= (not used) then
  forget()
  length = 0
end

local last = length > 0 and tonumber(redis.call('LINDEX', log, -2))
-- The clock was set back, or another server's is behind.
if last and last > now then
  if last - now > window then
    forget()
    length = 0
    last = false
  else
    now = last
  end
end

local oldest = length > 0 and tonumber(redis.call('LINDEX', log, 0))
if oldest and last <= now - window then
  forget()
  length = 0
  last = false
  oldest = false
elseif oldest and oldest <= now - window then
  local gone = 0
  local from = 0
  repeat
    local part = redis.call('LRANGE', log, 0, 399)
    from = #part
    for i = 1, #part, 2 do
      oldest = tonumber(part[i])
      if oldest > now - window then
        from = i - 1
        break
      end
      local left = tonumber(part[i + 1])
      if gone + left > EXACT_MAX then
        redis.call('DECRBY', sum, string.format('%.0f', gone))
        gone = 0
      end
      gone = gone + left
    end
    redis.call('LTRIM', log, from, -1)
    length = length - from
  until oldest > now - window
  redis.call('DECRBY', sum, string.format('%.0f', gone))
end

used = length > 0 and redis.call('GET', sum) or '0'
local allowed = quota == '' or #used < #quota or (#used == #quota and used < quota)
if allowed and units > 0 then
  local slot = 1
  if length >= ${2 * FINE_ENTRIES_MAX} then slot = math.ceil(window / ${COARSE_SLOTS}) end
  local together = last and tonumber(redis.call('LINDEX', log, -1)) + units
  if last and math.floor(last / slot) == math.floor(now / slot) and together <= EXACT_MAX then
    redis.call('LSET', log, -2, string.format('%.0f', now))
    redis.call('LSET', log, -1, string.format('%.0f', together))
    if length == 2 then oldest = now end
  else
    redis.call('RPUSH', log, string.format('%.0f', now), string.format('%.0f', units))
    oldest = oldest or now
  end
  redis.call('INCRBY', sum, string.format('%.0f', units))
  redis.call('PEXPIRE', log, window)
  redis.call('PEXPIRE', sum, window)
  used = redis.call('GET', sum)
end
return { allowed and 1 or 0, used, oldest and oldest + window - now or 0 }
`;

const COUNT_HASH = createHash('sha1').update(COUNT).digest('hex');
