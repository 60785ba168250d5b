import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyticsContract } from '../../src/contract.ts';
import { openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';

analyticsContract('ClickHouse in this process', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'throughline-analytics-'));
  return {
    store: await openEmbeddedAnalytics({ dir }),
    dispose: async () => rmSync(dir, { recursive: true }),
  };
});
