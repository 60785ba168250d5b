import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { connectHttpAnalytics } from '../../src/http/connect-http-analytics.ts';
import { migrateServer } from '../../src/http/migrate-server.ts';
import { placeholderValues } from './placeholder-values.ts';

placeholderValues(
  'values as bound parameters, over HTTP',
  async () => {
    const server = await startClickHouse();
    await migrateServer({ url: server.url });
    return { store: connectHttpAnalytics({ url: server.url }), dispose: () => server.stop() };
  },
  40,
);
