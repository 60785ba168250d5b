import { setTimeout as sleep } from 'node:timers/promises';
import { AnalyticsError, type QueryParam, type TableName } from './analytics-store.ts';
import { literal } from './literal.ts';
import { fillPlaceholders } from './placeholders.ts';

/** A mutation of a large table takes minutes; it is asked about so often. */
const LOOK_EVERY_MS = 100;

export interface DeleteRowsDeps {
  /** Runs a statement that answers nothing. */
  readonly execute: (sql: string) => Promise<void>;
  readonly query: <Row>(sql: string, params: Readonly<Record<string, QueryParam>>) => Promise<Row[]>;
  /** Put behind the name of the table. */
  readonly onCluster?: string;
}

/**
 * One mutation, and the wait for its end: not in the statement itself, whose connection would have to stay for as long.
 * Values are written into it, because the engine keeps its text and works on it after a restart.
 */
export async function deleteRows(
  { execute, query, onCluster = '' }: DeleteRowsDeps,
  table: TableName,
  where: string,
  params: Readonly<Record<string, QueryParam>>,
): Promise<void> {
  const condition = fillPlaceholders(where, params, literal);
  // What an index or projection of the row says is written anew with it.
  await execute(`ALTER TABLE ${table}${onCluster} DELETE WHERE ${condition} SETTINGS mutations_sync = 0`);
  for (;;) {
    const [found] = await query<{ running: string; reason: string }>(
      `
SELECT count() AS running, max(latest_fail_reason) AS reason FROM system.mutations
WHERE database = currentDatabase() AND table = {table:String} AND is_done = 0`,
      { table },
    );
    if (found === undefined || found.running === '0') return;
    if (found.reason !== '') {
      const message = `rows of ${table} cannot be purged: ${found.reason.slice(0, 500)}`;
      throw new AnalyticsError('rejected', message);
    }
    await sleep(LOOK_EVERY_MS);
  }
}
