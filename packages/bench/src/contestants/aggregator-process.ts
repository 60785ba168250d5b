/**
 * The session-aggregator as the product runs it, from a log that is already there: rows into in-process ClickHouse,
 * totals into LMDB, snapshots. Ends with what the stores then say. With `--export`, the rows are written to files as
 * `JSONEachRow` lines, for the raw insert to compare with.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { insertColumns } from '@throughline/analytics/tables';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import { readMemory } from '../measure/process-memory.ts';
import { argument, onParentGone, optionalArgument, tellParent } from '../processes/parent.ts';
import type { AggregatorRun } from './aggregator-run.ts';
import { openEmbeddedAggregator } from './embedded-aggregator.ts';
import { readStored } from './stored-figures.ts';

const aggregator = await openEmbeddedAggregator({ dir: argument('dir'), log: argument('log') });
const { analytics } = aggregator;
const { seconds, cpuUs } = await aggregator.workOff();
const stored = await readStored(aggregator, { tenant: DEFAULT_TENANT });
const exportTo = optionalArgument('export');
if (exportTo) await exportRows(exportTo, stored.rows);

tellParent({ seconds, cpuUs, peakRssMib: readMemory(process.pid).peak, stored } satisfies AggregatorRun);

onParentGone(() => aggregator.close());

/** Files of as many rows as the aggregator inserts at a time, per table. */
async function exportRows(folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const batch = AGGREGATOR_DEFAULTS.batchEventsMax;
  for (const table of ['requests', 'request_bodies'] as const) {
    for (let from = 0; from < count; from += batch) {
      const bytes = await analytics.queryBytes({
        sql: `SELECT ${insertColumns(table)} FROM ${table} FINAL
          WHERE source_offset >= {from:UInt64} AND source_offset < {to:UInt64} ORDER BY source_offset`,
        params: { from, to: from + batch },
      });
      writeFileSync(join(folder, `${table}.${String(from).padStart(8, '0')}.jsonl`), bytes);
    }
  }
}
