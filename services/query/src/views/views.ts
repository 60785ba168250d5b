import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { ViewRow } from '@throughline/analytics/table-rows';
import { encodeRows } from '@throughline/analytics/tables';

/** A named place of the dashboard. Times are epoch ms. */
export interface View {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Every view of a tenant, by name. */
export async function listViews(analytics: Pick<AnalyticsStore, 'query'>, tenantId: string): Promise<View[]> {
  const rows = await analytics.query<{ id: string; name: string; url: string; created_ms: string; updated_ms: string }>(
    {
      sql: `
SELECT view_id AS id, name, url, toUnixTimestamp64Milli(created_at) AS created_ms,
  toUnixTimestamp64Milli(updated_at) AS updated_ms
FROM views FINAL
WHERE tenant_id = {tenant:String}
ORDER BY name`,
      params: { tenant: tenantId },
      settings: FINAL,
    },
  );
  return rows.map(({ id, name, url, created_ms, updated_ms }) => ({
    id,
    name,
    url,
    createdAtMs: Number(created_ms),
    updatedAtMs: Number(updated_ms),
  }));
}

/**
 * Writes views, and takes others away, at once: whoever reads sees all of it or nothing. Resolves when the next read shows
 * it, through whichever service.
 */
export async function storeViews(
  analytics: Pick<AnalyticsStore, 'query' | 'insert'>,
  tenantId: string,
  { kept, removed }: { readonly kept: readonly View[]; readonly removed: readonly View[] },
): Promise<void> {
  // Without FINAL, which does not show what was deleted: its version counts as well. The newest wins whatever the clocks say.
  const [last] = await analytics.query<{ version: string }>({
    sql: 'SELECT max(version) AS version FROM views WHERE tenant_id = {tenant:String}',
    params: { tenant: tenantId },
  });
  const version = BigInt(last?.version ?? 0) + 1n;
  const row = (view: View, is_deleted: 0 | 1): ViewRow => ({
    tenant_id: tenantId,
    name: view.name,
    view_id: view.id,
    url: view.url,
    created_at: view.createdAtMs,
    updated_at: view.updatedAtMs,
    version,
    is_deleted,
  });
  const rows = [...removed.map((view) => row(view, 1)), ...kept.map((view) => row(view, 0))];
  await analytics.insert(encodeRows('views', rows));
}
