import type { StateRedis } from '../redis/state-redis.ts';
import { FORMAT, packAnswer, unpackAnswer } from './pack-answer.ts';
import { ANSWER_BYTES_MAX, CACHE_BYTES_DEFAULT, type ResponseCache } from './response-cache.ts';

export interface RedisResponseCacheOptions {
  readonly redis: () => Promise<StateRedis>;
  readonly namespace: string;
  /** Of all answers, of all gateways together. */
  readonly bytesMax?: number | undefined;
}

/**
 * The response cache in Redis: one command or script per operation. Keys lie in one of `SHARDS` hash slots, each of which
 * takes its part of the bytes, so that a cluster shares them out and the bound is exact: Redis also holds session totals,
 * which must not run out of memory because of answers.
 */
export function redisResponseCache({
  redis,
  namespace,
  bytesMax = CACHE_BYTES_DEFAULT,
}: RedisResponseCacheOptions): ResponseCache {
  const shardBytesMax = Math.floor(bytesMax / SHARDS);
  const answerBytesMax = Math.min(ANSWER_BYTES_MAX, shardBytesMax);
  const prefixOf = (key: Buffer) => `{tl:${namespace}:cache:${key[0]! % SHARDS}}:${FORMAT}:`;
  const slotKeys = (key: Buffer, slots: number): string[] => {
    const prefix = `${prefixOf(key)}${key.toString('base64url')}:`;
    return Array.from({ length: slots }, (_, slot) => prefix + slot);
  };
  return {
    async find(key, slots, random) {
      const slot = Math.floor(random * slots);
      const keys = slotKeys(key, slots);
      const { run } = await redis();
      const packed = await run('look into the response cache', (client) =>
        slots === 1
          ? client.getBuffer(keys[0]!)
          : (client.callBuffer('EVAL', FIND, slots, ...keys, slot + 1) as Promise<Buffer | null>),
      );
      return packed ? { slot, answer: unpackAnswer(packed) } : undefined;
    },
    async put(key, slots, answer, ttlMs) {
      const packed = packAnswer(answer);
      const size = packed.length + EXTRA_BYTES;
      if (size > answerBytesMax) return 'too-large';
      const prefix = prefixOf(key);
      const keys = [`${prefix}order`, `${prefix}sizes`, ...slotKeys(key, slots)];
      const { run } = await redis();
      const isStored = await run('put an answer into the response cache', (client) =>
        client.call('EVAL', PUT, keys.length, ...keys, packed, Math.ceil(ttlMs), size, shardBytesMax),
      );
      return isStored === 1 ? 'stored' : 'full';
    },
    // The connection is closed by whoever made it.
    async close() {},
  };
}

/** As many masters of a cluster share the answers. Another number forgets them. */
const SHARDS = 8;
/** What Redis takes for an answer beside its bytes: three names, and its own figures. */
const EXTRA_BYTES = 512;

/** KEYS: the slots. ARGV: which of them, from 1. */
const FIND = `
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then return false end
end
return redis.call('GET', KEYS[tonumber(ARGV[1])])
`;

/**
 * KEYS: sorted set of slots by when they were filled, counted up; hash of their sizes, `*` being all together and `#` the
 * count; the slots. ARGV: packed answer, ms until its end, its size, the most that all may have. Slots that are over are still counted until they are
 * the oldest, or filled again.
 */
const PUT = `
local free
for i = 3, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then free = KEYS[i] break end
end
if not free then return 0 end
local bytes = tonumber(redis.call('HGET', KEYS[2], '*') or 0)
local function forget(slot)
  local size = redis.call('HGET', KEYS[2], slot)
  if size then
    bytes = bytes - tonumber(size)
    redis.call('HDEL', KEYS[2], slot)
  end
end
forget(free)
redis.call('ZREM', KEYS[1], free)
while bytes + tonumber(ARGV[3]) > tonumber(ARGV[4]) do
  local oldest = redis.call('ZPOPMIN', KEYS[1])[1]
  if not oldest then break end
  forget(oldest)
  redis.call('UNLINK', oldest)
end
redis.call('SET', free, ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', KEYS[1], redis.call('HINCRBY', KEYS[2], '#', 1), free)
redis.call('HSET', KEYS[2], free, ARGV[3], '*', bytes + tonumber(ARGV[3]))
return 1
`;
