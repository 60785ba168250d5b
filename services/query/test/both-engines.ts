import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { migrateServer } from '@throughline/analytics/http/migrate-server';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createTempDir } from '@throughline/testkit/temp-dir';

/** The two ways to run the engine. */
export const ENGINES = ['in process', 'over HTTP'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Both engines, empty, with the tables of this version. */
export async function openBothEngines(): Promise<
  Readonly<Record<EngineName, AnalyticsStore>> & { close(): Promise<void> }
> {
  await using opening = new AsyncDisposableStack();
  const dir = await createTempDir('query');
  opening.defer(() => dir.remove());
  const clickhouse = await startClickHouse();
  opening.defer(async () => void (await clickhouse.stop()));
  await migrateServer({ url: clickhouse.url });
  const embedded = await openEmbeddedAnalytics({ dir: dir.path });
  opening.defer(() => embedded.close());
  const http = connectHttpAnalytics({ url: clickhouse.url });
  opening.defer(() => http.close());
  const opened = opening.move();
  return { 'in process': embedded, 'over HTTP': http, close: () => opened.disposeAsync() };
}
