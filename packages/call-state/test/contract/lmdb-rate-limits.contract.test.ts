import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rateLimitsContract } from '../../src/limits/contract.ts';
import { lmdbRateLimits } from '../../src/limits/lmdb-rate-limits.ts';
import type { RateLimits } from '../../src/limits/rate-limits.ts';

rateLimitsContract('LMDB', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'limits-'));
  const clock = { now: Date.now() };
  let limits: RateLimits | undefined;
  return {
    clock,
    async open() {
      await limits?.close();
      limits = lmdbRateLimits({ dir, now: () => clock.now });
      return limits;
    },
    async dispose() {
      await limits?.close();
      await rm(dir, { recursive: true });
    },
  };
});
