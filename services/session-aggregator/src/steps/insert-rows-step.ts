import type { AnalyticsStore, TableName } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import type { CrashPointHook } from '../crash-points.ts';
import type { DecidedBatch } from './decide-step.ts';

/**
 * Rows of a decided batch, one insert per table. May be repeated: a row's key ends with its log position, so it folds.
 * A request's row comes last: whoever sees it finds everything that belongs to it.
 *
 * @throws AnalyticsError; nothing later has happened then.
 */
export async function insertRowsStep(
  analytics: AnalyticsStore,
  batch: DecidedBatch,
  crashPoint: CrashPointHook,
): Promise<void> {
  const insert = async (table: TableName, rows: readonly unknown[]) => {
    if (rows.length > 0) await analytics.insert(encodeRows(table, rows as never));
  };
  await Promise.all([insert('ledger_exceptions', batch.exceptions), insert('dead_letters', batch.deadLetters)]);
  crashPoint('aggregator:exceptions-inserted');
  await insert('annotations', batch.annotations);
  crashPoint('aggregator:annotations-inserted');
  await insert('request_bodies', batch.bodies);
  crashPoint('aggregator:bodies-inserted');
  await insert('requests', [...batch.rows, ...batch.rewritten]);
  crashPoint('aggregator:requests-inserted');
}
