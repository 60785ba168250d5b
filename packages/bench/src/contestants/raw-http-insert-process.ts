/**
 * The reference over servers: rows that are encoded already, through the client that the aggregator uses, into the same
 * tables. Nothing is decoded, folded or committed. Says `ready`, waits for a message, says how long it took.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodedRows, TableName } from '@throughline/analytics/analytics-store';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { argument, onParentGone, onParentMessage, tellParent } from '../processes/parent.ts';
import { parseRowsFileName } from './rows-file.ts';

/** Batches under way: as many inserts as the client has connections. */
const LANES = 4;

const folder = argument('rows');
const analytics = connectHttpAnalytics({ url: argument('url') });
const waiting = readdirSync(folder).sort();

async function insertAll(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const { table, rows } = parseRowsFileName(name);
    const bytes = await readFile(join(folder, name));
    await analytics.insert({ table: table as TableName, rows, bytes } satisfies EncodedRows);
  }
}

onParentMessage<'go'>(async () => {
  const start = performance.now();
  await Promise.all(Array.from({ length: LANES }, insertAll));
  tellParent({ seconds: (performance.now() - start) / 1_000 });
});
onParentGone(() => analytics.close());
tellParent({ ready: true });
