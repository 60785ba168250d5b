import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { encodeRows } from '@throughline/analytics/tables';
import { asciiLower, canonicalKey } from '@throughline/filter-tree/property-keys';

/** The keys that the tenant has hidden, as they were hidden, ascending. */
export async function listHiddenKeys(analytics: Pick<AnalyticsStore, 'query'>, tenantId: string): Promise<string[]> {
  const rows = await analytics.query<{ key: string }>({
    sql: 'SELECT key FROM hidden_properties FINAL WHERE tenant_id = {tenant:String} ORDER BY key',
    params: { tenant: tenantId },
    settings: FINAL,
  });
  return rows.map((row) => row.key);
}

/** The keys that are not hidden. A hidden one is a key exactly so written, else all that differ from it in case only. */
export function withoutHidden(keys: readonly string[], hidden: readonly string[]): string[] {
  const known = new Set(keys);
  const exact = new Set(hidden);
  const anyCase = new Set(hidden.filter((key) => !known.has(key)).map(asciiLower));
  return keys.filter((key) => !exact.has(key) && !anyCase.has(asciiLower(key)));
}

/** Hide a key. Resolves when the next read, through whichever service, leaves it out. */
export async function hideKey(analytics: HiddenKeyStore, tenantId: string, key: string, nowMs: number): Promise<void> {
  await writeKey(analytics, tenantId, canonicalKey(key.toWellFormed()), nowMs, 0);
}

/** Show it again: the key exactly so hidden, else those that differ in case only. Of one that is not hidden, nothing. */
export async function restoreKey(
  analytics: HiddenKeyStore,
  tenantId: string,
  key: string,
  nowMs: number,
): Promise<void> {
  const name = canonicalKey(key.toWellFormed());
  const hidden = await listHiddenKeys(analytics, tenantId);
  const meant = hidden.includes(name) ? [name] : hidden.filter((other) => asciiLower(other) === asciiLower(name));
  for (const other of meant) await writeKey(analytics, tenantId, other, nowMs, 1);
}

export type HiddenKeyStore = Pick<AnalyticsStore, 'query' | 'insert'>;

/**
 * The newest version wins, so it has to be above the last one whatever the clocks say: that of this machine may have
 * been set back, and another's may be ahead.
 */
async function writeKey(
  analytics: HiddenKeyStore,
  tenantId: string,
  key: string,
  nowMs: number,
  isDeleted: 0 | 1,
): Promise<void> {
  // Without FINAL, which does not show what was restored: its version counts as well.
  const [last] = await analytics.query<{ version: string }>({
    sql: 'SELECT max(version) AS version FROM hidden_properties WHERE tenant_id = {tenant:String} AND key = {key:String}',
    params: { tenant: tenantId, key },
  });
  const above = BigInt(last?.version ?? 0) + 1n;
  const now = BigInt(nowMs);
  const version = now > above ? now : above;
  const row = { tenant_id: tenantId, key, hidden_at: nowMs, version, is_deleted: isDeleted };
  await analytics.insert(encodeRows('hidden_properties', [row]));
}
