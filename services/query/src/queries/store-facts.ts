import type { AnalyticsStore } from '@throughline/analytics/analytics-store';

/** What the analytics store says of itself. */
export interface StoreFacts {
  readonly engine: string;
  /** The newest migration. */
  readonly schema: number;
  /** Largest first; bytes as they lie on disk. */
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[];
}

/** @throws AnalyticsError */
export async function readStoreFacts(analytics: Pick<AnalyticsStore, 'query'>): Promise<StoreFacts> {
  const [[store], tables] = await Promise.all([
    analytics.query<{ engine: string; schema: number }>({
      sql: 'SELECT version() AS engine, max(number) AS schema FROM schema_migrations',
    }),
    analytics.query<{ name: string; rows: string; bytes: string }>({
      sql: `
SELECT table AS name, sum(rows) AS rows, sum(bytes_on_disk) AS bytes
FROM system.parts
WHERE active AND database = currentDatabase()
GROUP BY table
ORDER BY bytes DESC, name`,
    }),
  ]);
  return {
    engine: store!.engine,
    schema: Number(store!.schema),
    tables: tables.map(({ name, rows, bytes }) => ({ name, rows: Number(rows), bytes: Number(bytes) })),
  };
}
