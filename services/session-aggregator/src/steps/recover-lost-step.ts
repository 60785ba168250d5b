import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { readAnnotations } from '../read-annotations.ts';
import { readExceptions } from '../read-exceptions.ts';
import { readPartitionRows } from '../read-request-rows.ts';
import type { DecidableEntry, StoredEntry } from './decide-step.ts';

/**
 * Offsets that the log lost may have reached the rows before it lost them: those count, and only the others are lost.
 *
 * @returns the entries with each lost range replaced by what is stored of it and the ranges between. A range also ends
 *   where an earlier try, cut short by a crash, began one: the same keys are written again then, and nothing twice.
 */
export async function recoverLostStep(
  analytics: AnalyticsStore,
  partition: number,
  entries: readonly DecidableEntry[],
): Promise<DecidableEntry[]> {
  const recovered: DecidableEntry[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'lost') {
      recovered.push(entry);
      continue;
    }
    let next = entry.offset;
    const lostUntil = (offset: number) => {
      if (offset > next) recovered.push({ ...entry, offset: next, through: offset - 1 });
      next = offset;
    };
    for (const stored of await readStored(analytics, partition, entry.offset, entry.through)) {
      lostUntil(stored.offset);
      if (stored.kind === 'lost-before') continue;
      recovered.push(stored);
      next = stored.through + 1;
    }
    lostUntil(entry.through + 1);
  }
  return recovered;
}

type Found = StoredEntry | { readonly kind: 'lost-before'; readonly offset: number };

async function readStored(
  analytics: AnalyticsStore,
  partition: number,
  from: number,
  through: number,
): Promise<Found[]> {
  const stored: Found[] = [];
  for (const exception of await readExceptions(analytics, partition, from, through)) {
    const { source_offset: offset, through_offset } = exception;
    if (exception.kind === 'lost') stored.push({ kind: 'lost-before', offset });
    else stored.push({ kind: 'stored-exception', offset, through: through_offset, exception });
  }
  for (const row of await readAnnotations(analytics, partition, from, through)) {
    stored.push({ kind: 'stored-annotation', offset: row.source_offset, through: row.source_offset, row });
  }
  for await (const { rows } of readPartitionRows(analytics, partition, from, through)) {
    for (const row of rows) {
      stored.push({ kind: 'stored-row', offset: row.source_offset, through: row.source_offset, row });
    }
  }
  return stored.sort((a, b) => a.offset - b.offset);
}
