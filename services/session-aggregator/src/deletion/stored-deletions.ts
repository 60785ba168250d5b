import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import { DELETION_KINDS } from '@throughline/contracts/annotation';
import {
  type AnnotationRow,
  type DeletionPlan,
  type DeletionProgress,
  planOf,
} from '@throughline/contracts/annotation-row';
import { readAnnotations } from '../read-annotations.ts';

/** A deletion that was committed, and what it deletes. */
export interface StoredDeletion {
  readonly row: AnnotationRow;
  readonly plan: DeletionPlan;
}

/** What of a partition's deletions is asked for: offsets, both ends included. */
export interface DeletionRange {
  readonly partition: number;
  /** Of those that were carried out already. Those that were not are all found. */
  readonly from: number;
  readonly through: number;
}

/** Deletions that may have to be carried out, or once more, ascending by offset. Those whose plan is purged are over. */
export async function readDeletions(analytics: AnalyticsStore, range: DeletionRange): Promise<StoredDeletion[]> {
  if (range.through < 0) return [];
  const offsets = await analytics.query<{ source_offset: string }>({
    sql: `
SELECT source_offset FROM annotations FINAL
PREWHERE source_partition = {partition:UInt16} AND target = 'partition' AND kind IN {kinds:Array(String)}
  AND source_offset <= {through:UInt64}
WHERE name = {pending:String} OR (source_offset >= {from:UInt64} AND name != {over:String})
ORDER BY source_offset`,
    params: {
      ...range,
      kinds: [...DELETION_KINDS],
      pending: '' satisfies DeletionProgress,
      over: 'purged' satisfies DeletionProgress,
    },
    settings: BACKGROUND,
  });
  const found: StoredDeletion[] = [];
  for (const { source_offset } of offsets) {
    const offset = Number(source_offset);
    for (const row of await readAnnotations(analytics, range.partition, offset, offset)) {
      const plan = planOf(row);
      if (plan) found.push({ row, plan });
    }
  }
  return found;
}

/** Whether something that was committed behind an offset has deleted rows. */
export async function hasDeletedBehind(
  analytics: Pick<AnalyticsStore, 'query'>,
  partition: number,
  version: bigint,
): Promise<boolean> {
  const found = await analytics.query({
    sql: `
SELECT 1 AS found FROM ledger_exceptions
WHERE source_partition = {partition:UInt16} AND kind = 'deleted' AND version > {version:UInt64} LIMIT 1`,
    params: { partition, version },
    settings: { max_execution_time: 600 },
  });
  return found.length > 0;
}
