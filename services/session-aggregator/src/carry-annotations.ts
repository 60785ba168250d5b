import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { RequestRow } from '@throughline/contracts/request-row';
import { annotateRows } from './annotate-row.ts';
import { readRequestAnnotations } from './read-annotations.ts';
import { rowKey } from './target-key.ts';

/**
 * Rows that are applied once more, because the totals were set back to an older copy, may have been annotated since: the
 * changed row is stored already, of a higher version than the one made now, and says of its call what its former owner made
 * of it. These are the same rows as they are made now, with those annotations.
 *
 * @param annotatedThrough highest offset of an annotation that was stored when the partition was taken; −1 for none.
 */
export async function carryAnnotations(
  analytics: AnalyticsStore,
  partition: number,
  rows: readonly RequestRow[],
  { annotatedThrough, epoch }: { readonly annotatedThrough: number; readonly epoch: number },
): Promise<RequestRow[]> {
  const again = rows.filter(({ source_offset }) => source_offset < annotatedThrough);
  const annotations = await readRequestAnnotations(analytics, partition, again, annotatedThrough);
  return [...annotateRows(new Map(again.map((row) => [rowKey(row), row])), annotations, epoch).values()];
}

/** The highest offset of a stored annotation of a request, −1 when there is none. */
export async function annotatedThrough(analytics: AnalyticsStore, partition: number): Promise<number> {
  const [found] = await analytics.query<{ end: string }>({
    sql: `
SELECT max(toInt64(source_offset) + 1) AS end FROM annotations
WHERE source_partition = {partition:UInt16} AND target = 'request'`,
    params: { partition },
    settings: { max_execution_time: 600 },
  });
  return Number(found!.end) - 1;
}
