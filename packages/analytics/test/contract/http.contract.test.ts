import { describe } from '@jest/globals';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { analyticsContract } from '../../src/contract.ts';
import { connectHttpAnalytics } from '../../src/http/connect-http-analytics.ts';
import { migrateServer } from '../../src/http/migrate-server.ts';

describe.each([false, true])('compressed: %p', (compress) => {
  analyticsContract('ClickHouse over HTTP', async () => {
    const server = await startClickHouse({ password: 'a secret' });
    await migrateServer({ url: server.url });
    return { store: connectHttpAnalytics({ url: server.url, compress }), dispose: () => server.stop() };
  });
});
