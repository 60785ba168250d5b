import { randomUUID } from 'node:crypto';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import type { AnalyticsUnderTest } from '../../src/contract.ts';
import { connectHttpAnalytics } from '../../src/http/connect-http-analytics.ts';
import { type HttpAnalyticsConfig, readEndpoint } from '../../src/http/http-config.ts';
import { migrateServer } from '../../src/http/migrate-server.ts';
import { openServerClient } from '../../src/http/server-client.ts';

/**
 * A store over HTTP: on a server that is started for it, or on the one that `TEST_CLICKHOUSE_URL` names, in a database of
 * its own that is dropped afterwards.
 */
export async function httpUnderTest(over: Partial<HttpAnalyticsConfig> = {}): Promise<AnalyticsUnderTest> {
  const given = process.env.TEST_CLICKHOUSE_URL;
  if (given) return await onServer({ url: given, ...over }, async () => {});
  const server = await startClickHouse({ password: 'a secret' });
  return await onServer({ url: server.url, ...over }, () => server.stop());
}

async function onServer(config: HttpAnalyticsConfig, stop: () => Promise<void>): Promise<AnalyticsUnderTest> {
  const database = `throughline_test_${randomUUID().replaceAll('-', '')}`;
  const own = { ...config, database };
  await migrateServer(own);
  return {
    store: connectHttpAnalytics(own),
    async dispose() {
      const client = openServerClient(readEndpoint(own), { connections: 1, compress: false, database: 'system' });
      await client.run({ sql: `DROP DATABASE ${database} SYNC`, timeoutMs: 30_000 });
      await client.close();
      await stop();
    },
  };
}
