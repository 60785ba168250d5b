import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { RequestRow } from '@throughline/contracts/request-row';
import { type RowKey, readRowsByKey } from '../read-request-rows.ts';
import { rowKey, targetKey } from '../target-key.ts';
import type { DecidableEntry } from './decide-step.ts';

export interface LoadedTargets {
  /** The rows that annotations among the entries are about, by `rowKey`. */
  readonly rows: ReadonlyMap<string, RequestRow>;
  /** Some row is not there. */
  readonly isAnyMissing: boolean;
}

/** Reads the rows of annotated requests. No query where no entry is an annotation of one. */
export async function loadTargetsStep(
  analytics: Pick<AnalyticsStore, 'query'>,
  partition: number,
  entries: readonly DecidableEntry[],
): Promise<LoadedTargets> {
  const keys = new Map<string, RowKey>();
  for (const entry of entries) {
    if (entry.kind !== 'annotation' && entry.kind !== 'stored-annotation') continue;
    const { tenant_id: tenantId, target, request_id: requestId, request_ordered_at: orderedAt } = entry.row;
    if (target === 'request') keys.set(targetKey(entry.row), { tenantId, requestId, orderedAt });
  }
  const rows = new Map<string, RequestRow>();
  if (keys.size > 0) {
    for (const row of await readRowsByKey(analytics, partition, [...keys.values()])) {
      rows.set(rowKey(row), row);
    }
  }
  return { rows, isAnyMissing: [...keys.keys()].some((key) => !rows.has(key)) };
}
