import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { analyticsContract } from '../../src/contract.ts';
import { openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';
import { connectAnalytics } from '../../src/message-port/connect-analytics.ts';
import { serveAnalytics } from '../../src/message-port/serve-analytics.ts';

analyticsContract('ClickHouse of another thread, through a MessagePort', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'throughline-analytics-'));
  const owner = await openEmbeddedAnalytics({ dir });
  const { port1, port2 } = new MessageChannel();
  serveAnalytics(owner, port1);
  return {
    store: connectAnalytics(port2),
    dispose: async () => {
      await owner.close();
      rmSync(dir, { recursive: true });
    },
  };
});
