import { hash } from 'node:crypto';
import type { StateRedis } from '../redis/state-redis.ts';
import type { Turns } from './turns.ts';

export interface RedisTurnsOptions {
  readonly redis: () => Promise<StateRedis>;
  readonly namespace: string;
}

/** Turns that gateways share. */
export function redisTurns({ redis, namespace }: RedisTurnsOptions): Turns {
  return {
    async next(name, keepMs) {
      const key = `tl:${namespace}:turn:${hash('sha256', name, 'base64url')}`;
      const { run } = await redis();
      const count = await run('count a turn', (client) => client.call('EVAL', NEXT, 1, key, Math.ceil(keepMs)));
      return (count as number) - 1;
    },
  };
}

/** In one step: a count without an end would stay for good. */
const NEXT = `
local count = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return count
`;
