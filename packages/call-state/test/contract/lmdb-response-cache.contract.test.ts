import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { responseCacheContract } from '../../src/cache/contract.ts';
import { lmdbResponseCache } from '../../src/cache/lmdb-response-cache.ts';
import type { ResponseCache } from '../../src/cache/response-cache.ts';

responseCacheContract('LMDB', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'cache-'));
  let cache: ResponseCache | undefined;
  return {
    async open(bytesMax) {
      cache = lmdbResponseCache({ dir, bytesMax });
      return cache;
    },
    async dispose() {
      await cache?.close();
      await rm(dir, { recursive: true });
    },
  };
});
